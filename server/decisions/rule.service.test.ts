import { beforeAll, describe, expect, it } from 'vitest';
import { type GovernanceIds, seedGovernance } from '@/prisma/seed/governance';
import { ROLES, type Role } from '@/server/identity/policy';
import { withWorkspace } from '@/server/platform/postgres';
import { dpias, editDpia, signDpia } from '@/server/privacy/dpia.service';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from '@/server/privacy/privacy-fixture';
import { board } from '@/server/use-cases/board.service';
import { addUseCase, editUseCase, moveUseCase } from '@/server/use-cases/use-case.service';
import { addRule, editRule, ruleList, switchRule } from './rule.service';
import { trialOfRule } from './rule-trial.service';
import { loadRules, runningRules } from './running-rules.service';

let fixture: PrivacyFixture;
let ids: GovernanceIds;

beforeAll(async () => {
  fixture = await privacyFixture();
  const { db } = fixture.deps;
  for (const role of ROLES) {
    await db.user.create({ data: { id: `u_${role}`, email: `${role}@test`, name: role } });
    await withWorkspace(db, WORKSPACE, (tx) =>
      tx.membership.create({ data: { id: `m_${role}`, workspaceId: WORKSPACE, userId: `u_${role}`, role } }),
    );
  }
  const people = Object.fromEntries(ROLES.map((role) => [role, `u_${role}`])) as Record<Role, string>;
  ids = { workspaceId: WORKSPACE, people };
  await seedGovernance(fixture.deps, ids);
});

const as = (role: Role) => ({ workspaceId: WORKSPACE, userId: `u_${role}`, role });
const cards = async () => (await board(fixture.deps, WORKSPACE)).cards;
const rules = async () => (await ruleList(fixture.deps, WORKSPACE)).rules;
const one = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Error('not found');
  return found;
};
const cardNamed = async (title: string) => one((await cards()).find((card) => card.title.startsWith(title)));
const ruleNamed = async (name: string) => one((await rules()).find((rule) => rule.name === name));

describe('starter governance', () => {
  it('runs three rules under live use cases with signed assessments, and is not seeded twice', async () => {
    await seedGovernance(fixture.deps, ids);
    expect((await cards()).map(({ stage }) => stage).sort()).toEqual(
      ['approved', 'idea', 'live', 'live', 'live', 'scored', 'shadow'].sort(),
    );
    expect((await runningRules(fixture.deps, WORKSPACE)).map(({ name }) => name).sort()).toEqual([
      'Call turns bad',
      'Large cart at checkout',
      'Payment failed twice',
    ]);
    expect((await loadRules(fixture.deps, WORKSPACE)).make().wants('Payment Failed')).toBe(true);
  });
});

describe('going live', () => {
  it('is refused with everything that is missing, on the board and by the button', async () => {
    const { id } = await addUseCase(fixture.deps, as('stakeholder'), {
      title: 'Bare idea',
      summary: '',
      metric: null,
      ownerId: null,
      dpiaId: null,
      predictedChange: null,
      holdoutPercent: 10,
    });
    for (const stage of ['live', 'measured'] as const) {
      await expect(moveUseCase(fixture.deps, as('stakeholder'), { id, stage })).rejects.toMatchObject({
        code: 'conflict',
        fields: [
          { field: 'metric' },
          { field: 'prediction' },
          { field: 'owner' },
          { field: 'dpia', reason: 'No DPIA is linked' },
        ],
      });
    }
    const draft = await cardNamed('Recommend');
    await expect(
      moveUseCase(fixture.deps, as('admin'), { id: draft.id, stage: 'live' }),
    ).rejects.toMatchObject({
      fields: [{ field: 'dpia', reason: 'The DPIA is not signed (draft)' }],
    });
  });

  it('needs the right to launch, by whatever path', async () => {
    const { id } = await cardNamed('Remind');
    await expect(moveUseCase(fixture.deps, as('ops'), { id, stage: 'live' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('records the baseline, and a live use case keeps what it was launched with', async () => {
    const { db, now } = fixture.deps;
    await withWorkspace(db, WORKSPACE, (tx) =>
      tx.metricSample.createMany({
        data: Array.from({ length: 200 }, (_, i) => ({
          workspaceId: WORKSPACE,
          metric: 'abandonmentRate',
          at: new Date(now() - (i + 1) * 10_000),
          value: i % 2 === 0 ? 30 : 50,
        })),
      }),
    );
    const { id } = await cardNamed('Remind');
    await moveUseCase(fixture.deps, as('stakeholder'), { id, stage: 'live' });
    const card = await cardNamed('Remind');
    expect(card).toMatchObject({
      stage: 'live',
      baseline: { mean: 40, low: 30, high: 50, samples: 200 },
      launchedAt: now(),
    });
    const { title, summary, predictedChange, holdoutPercent } = card;
    const form = {
      id,
      title,
      summary,
      predictedChange,
      holdoutPercent,
      metric: card.metric?.key ?? null,
      ownerId: card.owner?.id ?? null,
    };
    await expect(editUseCase(fixture.deps, as('ops'), { ...form, dpiaId: null })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      editUseCase(fixture.deps, as('ops'), { ...form, metric: null, dpiaId: card.dpia?.id ?? null }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a rule', () => {
  it('stays off without a live use case under a signed assessment that covers its purpose', async () => {
    const { definition } = await ruleNamed('Payment failed twice');
    const loose = await addRule(fixture.deps, as('ops'), {
      name: 'Loose rule',
      definition,
      useCaseId: null,
      audienceId: null,
    });
    await expect(switchRule(fixture.deps, as('ops'), { id: loose.id, enabled: true })).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ reason: 'The rule belongs to no use case' }],
    });
    const draft = await cardNamed('Recommend');
    const bound = await addRule(fixture.deps, as('ops'), {
      name: 'Bound to a draft',
      definition,
      useCaseId: draft.id,
      audienceId: null,
    });
    await expect(switchRule(fixture.deps, as('ops'), { id: bound.id, enabled: true })).rejects.toThrow(
      /not signed/,
    );
    const live = await cardNamed('A supervisor');
    const wrong = await addRule(fixture.deps, as('ops'), {
      name: 'Purpose not covered',
      definition: { ...definition, purpose: 'marketing' },
      useCaseId: live.id,
      audienceId: null,
    });
    await expect(switchRule(fixture.deps, as('ops'), { id: wrong.id, enabled: true })).rejects.toThrow(
      /does not cover/,
    );
  });

  it('is switched off by an edit that takes its ground away, and its assessment is opened again', async () => {
    const rule = await ruleNamed('Call turns bad');
    const input = { id: rule.id, name: rule.name, useCaseId: rule.useCase?.id ?? null, audienceId: null };
    const definition = { ...rule.definition, purpose: 'profiling' as const };
    const saved = await editRule(fixture.deps, as('ops'), { ...input, version: 1, definition });
    expect(saved).toMatchObject({ version: 2, enabled: false, reopenedDpia: true });
    const assessment = one(
      (await dpias(fixture.deps, WORKSPACE)).find(({ title }) => title.startsWith('Sentiment')),
    );
    expect(assessment.status).toBe('reopened');
    await expect(
      editRule(fixture.deps, as('ops'), { ...input, version: 1, definition }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stops when its assessment is edited or lapses, without being touched', async () => {
    const [shop] = (await dpias(fixture.deps, WORKSPACE)).filter(({ title }) => title.startsWith('Help'));
    const { id, version, title, description, dueAt, content } = one(shop);
    const running = async () => (await runningRules(fixture.deps, WORKSPACE)).map(({ name }) => name);
    expect(await running()).toContain('Payment failed twice');
    await editDpia(fixture.deps, as('privacy'), { id, version, title, description, dueAt, content });
    expect(await running()).toEqual([]);
    await signDpia(fixture.deps, as('privacy'), {
      id,
      version: version + 1,
      verdict: 'approved',
      opinion: 'Nothing changed in substance.',
      validMonths: 1,
    });
    expect(await running()).toContain('Payment failed twice');
    fixture.clock.now += 40 * 86_400_000;
    expect(await running()).toEqual([]);
    fixture.clock.now -= 40 * 86_400_000;
  });

  it('must be signed by a second officer where there is one', async () => {
    const { db } = fixture.deps;
    await db.user.create({ data: { id: 'u_second', email: 'second@test', name: 'second' } });
    await withWorkspace(db, WORKSPACE, (tx) =>
      tx.membership.create({
        data: { id: 'm_second', workspaceId: WORKSPACE, userId: 'u_second', role: 'privacy' },
      }),
    );
    const shop = one((await dpias(fixture.deps, WORKSPACE)).find(({ title }) => title.startsWith('Help')));
    const { id, version, title, description, dueAt, content } = shop;
    await editDpia(fixture.deps, as('privacy'), { id, version, title, description, dueAt, content });
    const signature = {
      id,
      version: version + 1,
      verdict: 'approved' as const,
      opinion: 'Fine as it stands.',
      validMonths: 12,
    };
    await expect(signDpia(fixture.deps, as('privacy'), signature)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(signDpia(fixture.deps, as('privacy'), { ...signature, version })).rejects.toBeDefined();
    await signDpia(fixture.deps, { workspaceId: WORKSPACE, userId: 'u_second' }, signature);
  });
});

describe('trial over history', () => {
  it('counts what the engine itself would have decided in the last hour', async () => {
    const { now } = fixture.deps;
    const { definition } = await ruleNamed('Payment failed twice');
    const day = new Date(now()).toISOString().slice(0, 10);
    const { withClient } = await import('@/server/platform/pg-client');
    await withClient(fixture.ownerUrl, async (client) => {
      await client.query(`SELECT ensure_history_day('${day}')`);
      await client.query(`ALTER TABLE history_events NO FORCE ROW LEVEL SECURITY`);
      let n = 0;
      for (const customer of ['c1', 'c2', 'c3']) {
        for (const minute of customer === 'c3' ? [5] : [5, 4, 3]) {
          n += 1;
          const at = new Date(now() - minute * 60_000).toISOString();
          await client.query(
            `INSERT INTO history_events (workspace_id, shard_id, partition, position, logged_at, event_at, customer, message_id, source_id, kind, name, platform, properties)
             VALUES ($1, 1, 0, $2, $3, $3, $4, $5, 's', 'track', 'Payment Failed', 'web', '{}')`,
            [WORKSPACE, `${n}-0/0`, at, customer, `m${n}`],
          );
        }
      }
    });
    const everyone = { useCaseId: null, audienceId: null };
    const trial = await trialOfRule(fixture.deps, WORKSPACE, { ...everyone, definition });
    expect(trial).toMatchObject({ hits: 2, customers: 2, eventsRead: 7, cut: false, faults: [] });
    expect(trial.perFiveMinutes.reduce((a, b) => a + b)).toBe(2);
    const eager = await trialOfRule(fixture.deps, WORKSPACE, {
      ...everyone,
      definition: { ...definition, coolDownSeconds: 0 },
    });
    expect(eager.hits).toBe(4);
    const faulty = await trialOfRule(fixture.deps, WORKSPACE, {
      ...everyone,
      definition: { ...definition, if: 'card.nothing > 1' },
    });
    expect(faulty).toMatchObject({ hits: null, faults: [{ field: 'if', start: 5, end: 12 }] });
  });
});
