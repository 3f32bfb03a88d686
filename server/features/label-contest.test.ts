import { beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { event, run } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';
import type { CardView } from './card-view.schema';
import { readCustomer } from './customer.service';
import { contestSchema } from './label-contest.schema';
import { contestLabel, contestsOf, withdrawContest } from './label-contest.service';
import { contestExamples, labelQuality } from './label-quality.service';

const MINUTES_AGO = 10;

let deps: Awaited<ReturnType<typeof testDeps>>;
let north: Awaited<ReturnType<typeof testWorkspace>>;
let shardId: number;
let startedAt: number;

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
  startedAt = deps.now() - MINUTES_AGO * 60_000;
  shardId = (await shardsOf(deps, north.workspaceId))[0]?.shardId ?? 0;
});

const SAID = [
  ['agent', 'How can I help you?'],
  ['customer', 'Great, thanks for nothing. Write to greta@films.test'],
  ['customer', 'This is awful and I hate it'],
] as const;

/** A call of a customer as the stream keeps it, and its events in history. */
async function call(customer: string): Promise<void> {
  const segments = SAID.map(([participant, text], index) =>
    event(
      'Transcript Segment',
      0,
      { contactId: 'c1', turnId: `t${index}`, participant, text, beginMs: index },
      { c: customer, t: startedAt + index * 1_000, r: startedAt },
    ),
  );
  const shard = (await shardsOf(deps, north.workspaceId))[0];
  const { state } = partitionKeys(shardId, partitionOf(customer, shard?.partitions ?? 1));
  await deps.logRedis.hset(state, customer, JSON.stringify(run(segments).state(customer)));
  await withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.historyEvent.createMany({
      data: segments.map(({ id, t, n: name, p: properties }) => ({
        workspaceId: north.workspaceId,
        shardId,
        partition: 0,
        position: `${id}/0`,
        loggedAt: new Date(t),
        eventAt: new Date(t),
        customer,
        messageId: id,
        sourceId: 's',
        kind: 'track',
        name,
        platform: 'web',
        properties,
      })),
    }),
  );
}

const turn = (customer: string, index: number) => ({
  customer,
  contactId: 'c1',
  turnId: `t${index}`,
  turnAt: startedAt + index * 1_000,
});
const cardNow = async (customer: string) =>
  (await readCustomer(deps, north.workspaceId, customer)) as CardView;
const contestsNow = async (customer: string) => contestsOf(deps, north.workspaceId, await cardNow(customer));
const entries = (subject: string) =>
  withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.auditEntry.findMany({ where: { subject }, orderBy: { seq: 'asc' } }),
  );
const day = async () => {
  const { periods } = await labelQuality(deps, north.workspaceId);
  const found = periods.find(({ period }) => period === '24h');
  if (!found) throw new Error('no figures of a day');
  return found;
};

describe('contesting a label', () => {
  it('keeps the agent’s word beside the model’s, tells of it, and changes nothing of the contact', async () => {
    await call('anna');
    const before = await cardNow('anna');
    const heard: string[] = [];
    const ear = deps.queueRedis.duplicate();
    await ear.subscribe(`contests:${north.workspaceId}`);
    ear.on('message', (_channel, text) => heard.push(text));
    const agent = north.actor('agent');
    await contestLabel(deps, agent, { ...turn('anna', 1), label: 'negative', reason: 'Irony or sarcasm' });
    const [contest] = await contestsNow('anna');
    expect(contest).toMatchObject({
      ...{ contactId: 'c1', turnId: 't1', turnAt: startedAt + 1_000, label: 'negative' },
      ...{ reason: 'Irony or sarcasm', userId: agent.userId, name: 'agent of north' },
    });
    const kept = await withWorkspace(deps.db, north.workspaceId, (tx) => tx.labelContest.findMany());
    const said = before.contacts[0]?.turns[1];
    expect(kept).toMatchObject([
      {
        ...{ modelLabel: 'positive', modelScore: said?.score, modelConfidence: said?.confidence },
        ...{ model: 'Word weights', modelVersion: '1', label: 'negative' },
      },
    ]);
    expect((await cardNow('anna')).contacts).toEqual(before.contacts);
    expect(await entries('anna')).toMatchObject([{ action: 'sentiment.contested', actorId: agent.userId }]);
    // On a connection of its own, so that it may come after the answer.
    await until(() => heard.length > 0, { what: 'the word of it' });
    expect(heard).toEqual([JSON.stringify({ customer: 'anna' })]);
    ear.disconnect();
  });

  it('replaces one’s own word, stands beside another’s, and only its maker takes it back', async () => {
    await call('ben');
    const [agent, admin] = [north.actor('agent'), north.actor('admin')];
    await contestLabel(deps, agent, { ...turn('ben', 2), label: 'positive' });
    const { id } = await contestLabel(deps, agent, { ...turn('ben', 2), label: 'neutral' });
    await contestLabel(deps, admin, { ...turn('ben', 2), label: 'positive' });
    expect((await contestsNow('ben')).map(({ label }) => label).sort()).toEqual(['neutral', 'positive']);
    await expect(withdrawContest(deps, admin, id)).rejects.toMatchObject({ code: 'forbidden' });
    await withdrawContest(deps, agent, id);
    await expect(withdrawContest(deps, agent, id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await contestsNow('ben')).map(({ userId }) => userId)).toEqual([admin.userId]);
    expect((await entries('ben')).map(({ action }) => action)).toEqual([
      ...['sentiment.contested', 'sentiment.contested', 'sentiment.contested'],
      'sentiment.contestWithdrawn',
    ]);
  });

  it('refuses a turn that is not kept, was sent again since, is the agent’s, or is called so already', async () => {
    await call('cleo');
    const agent = north.actor('agent');
    const refused = (place: object, label: 'negative' | 'positive' = 'positive') =>
      contestLabel(deps, agent, { ...turn('cleo', 2), ...place, label });
    await expect(refused({ customer: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(refused({ contactId: 'c2' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(refused({ turnAt: startedAt })).rejects.toMatchObject({ code: 'not_found' });
    await expect(refused(turn('cleo', 0))).rejects.toMatchObject({ code: 'not_found' });
    await expect(refused({}, 'negative')).rejects.toMatchObject({ code: 'bad_request' });
    expect(await contestsNow('cleo')).toEqual([]);
  });

  it('takes a reason of at most 200 characters', () => {
    const form = { ...turn('anna', 1), label: 'negative' };
    expect(contestSchema.safeParse({ ...form, reason: 'x'.repeat(200) }).success).toBe(true);
    expect(contestSchema.safeParse({ ...form, reason: 'x'.repeat(201) }).success).toBe(false);
    expect(contestSchema.safeParse({ ...form, label: 'angry' }).success).toBe(false);
  });
});

describe('the quality of labels', () => {
  it('counts the turns that were scored, and each contested one once however many contest it', async () => {
    const figures = await day();
    // Three customers with two turns of their own each.
    expect(figures.scored).toBe(6);
    expect(figures.contested).toBe(2);
    expect(figures.contestedShare).toBeCloseTo(1 / 3, 12);
    expect(figures.confusion.find(({ model }) => model === 'positive')?.agents.negative).toBe(1);
    expect(figures.confusion.find(({ model }) => model === 'negative')?.agents).toMatchObject({
      positive: 1,
    });
  });

  it('shows what was said masked, puts the look on record, and nothing of who opted out', async () => {
    const ops = north.actor('ops');
    const texts = (await contestExamples(deps, ops, '24h')).map(({ text }) => text);
    expect(texts).toContain('Great, thanks for nothing. Write to [e-mail]');
    expect((await entries(north.workspaceId)).at(-1)).toMatchObject({
      action: 'labelContests.listed',
      actorId: ops.userId,
      details: { period: '24h', turns: 2 },
    });
    await changeConsent(deps, {
      workspaceId: north.workspaceId,
      customer: 'anna',
      purpose: 'profiling',
      optedIn: false,
      actor: { kind: 'person', id: north.actor('privacy').userId },
    });
    expect(await contestsNow('anna')).toEqual([]);
    expect((await day()).contested).toBe(1);
    const left = await contestExamples(deps, ops, '24h');
    expect(left.map(({ customer }) => customer)).toEqual(['ben']);
  });

  it('no longer counts what was spoken before the span', async () => {
    deps.advance(25 * 3_600_000);
    expect(await day()).toMatchObject({ scored: 0, contested: 0, contestedShare: null });
    deps.advance(-25 * 3_600_000);
  });
});
