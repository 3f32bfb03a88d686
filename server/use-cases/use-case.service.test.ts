import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import type { Role } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from '@/server/privacy/privacy-fixture';
import { board } from './board.service';
import { addUseCase, editUseCase, moveUseCase, scoreUseCase } from './use-case.service';
import { FEWEST_BASELINE_SAMPLES } from './use-case-stage.schema';

let fixture: PrivacyFixture;
let deps: Deps;
let now = Date.parse('2026-11-23T10:00:00Z');

const author = (role: Role) => ({ workspaceId: WORKSPACE, userId: `u_${role}`, role });
const OWNER = 'u_stakeholder';

beforeAll(async () => {
  fixture = await privacyFixture();
  deps = { ...fixture.deps, now: () => now };
  await deps.db.user.create({ data: { id: OWNER, email: 'owner@test', name: 'Stefan' } });
  await withWorkspace(deps.db, WORKSPACE, (tx) =>
    tx.membership.create({
      data: { id: 'm_owner', workspaceId: WORKSPACE, userId: OWNER, role: 'stakeholder' },
    }),
  );
});

const form = (changes: Partial<Parameters<typeof addUseCase>[2]>) => ({
  title: 'Help at checkout',
  summary: '',
  metric: null,
  ownerId: OWNER,
  dpiaId: null,
  predictedChange: 5,
  holdoutPercent: 10,
  ...changes,
});

const sample = (metric: string, value: number, at: number) =>
  withWorkspace(deps.db, WORKSPACE, (tx) =>
    tx.metricSample.create({
      data: { workspaceId: WORKSPACE, metric, dimension: '', at: new Date(at), value },
    }),
  );

const cardOf = async (id: string) => {
  const card = (await board(deps, WORKSPACE)).cards.find((each) => each.id === id);
  if (!card) throw new Error('the card is not on the board');
  return card;
};

const signedDpia = () =>
  withWorkspace(deps.db, WORKSPACE, async (tx) => {
    const id = deps.newId('dpia');
    const validUntil = new Date(now + 365 * 86_400_000);
    const signature = { version: 1, verdict: 'approved', opinion: '', contentHash: '', signedById: OWNER };
    await tx.dpia.create({
      data: { id, workspaceId: WORKSPACE, title: 'Help', status: 'signed', validUntil, createdById: OWNER },
    });
    await tx.dpiaSignature.create({
      data: { ...signature, id: deps.newId('sig'), workspaceId: WORKSPACE, dpiaId: id },
    });
    return id;
  });

/** Half an hour of samples, the values in turn, an hour after whatever was before. */
async function course(metric: string, values: readonly number[]): Promise<void> {
  now += HOUR_MS;
  const data = Array.from({ length: FEWEST_BASELINE_SAMPLES }, (_, index) => ({
    workspaceId: WORKSPACE,
    metric,
    at: new Date(now - (index + 1) * 10 * SECOND_MS),
    value: values[index % values.length] ?? 0,
  }));
  await withWorkspace(deps.db, WORKSPACE, (tx) => tx.metricSample.createMany({ data }));
}

async function launched(metric: 'conversionRate' | 'cartsAtRisk' | 'liveVisits', before: readonly number[]) {
  if (before.length > 0) await course(metric, before);
  const dpiaId = await signedDpia();
  const input = form({ metric, dpiaId });
  const { id } = await addUseCase(deps, author('stakeholder'), input);
  await moveUseCase(deps, author('stakeholder'), { id, stage: 'live' });
  return { id, input };
}

describe('approval', () => {
  it('is refused to what is bound to no metric, and to shadow as well', async () => {
    const { id } = await addUseCase(deps, author('stakeholder'), form({}));
    await scoreUseCase(deps, author('stakeholder'), { id, value: 8, effort: 2, note: '' });
    for (const stage of ['approved', 'shadow'] as const) {
      await expect(moveUseCase(deps, author('stakeholder'), { id, stage })).rejects.toMatchObject({
        code: 'conflict',
        fields: [{ field: 'metric', reason: 'No live metric is bound' }],
      });
    }
    await editUseCase(deps, author('stakeholder'), { ...form({ metric: 'conversionRate' }), id });
    await moveUseCase(deps, author('stakeholder'), { id, stage: 'approved' });
    expect((await cardOf(id)).stage).toBe('approved');
  });

  it.each([null, 0])('is refused to what predicts no change (%s)', async (predictedChange) => {
    const input = form({ metric: 'conversionRate', predictedChange });
    const { id } = await addUseCase(deps, author('stakeholder'), input);
    await expect(moveUseCase(deps, author('stakeholder'), { id, stage: 'approved' })).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ field: 'prediction', reason: 'No change of the metric is predicted' }],
    });
    await editUseCase(deps, author('stakeholder'), { ...input, id, predictedChange: -3 });
    await moveUseCase(deps, author('stakeholder'), { id, stage: 'approved' });
    expect((await cardOf(id)).predictedChange).toBe(-3);
  });

  it('does not outlive its metric', async () => {
    const { id } = await addUseCase(deps, author('stakeholder'), form({ metric: 'openCarts' }));
    await moveUseCase(deps, author('stakeholder'), { id, stage: 'approved' });
    await expect(
      editUseCase(deps, author('stakeholder'), { ...form({ metric: null }), id }),
    ).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'metric' }] });
  });
});

describe('the measured change', () => {
  it('is that of the mean since the launch against the mean before it', async () => {
    const { id } = await launched('conversionRate', [40, 50, 60]);
    now += 10 * MINUTE_MS;
    await sample('conversionRate', 60, now - 2 * MINUTE_MS);
    await sample('conversionRate', 65, now - MINUTE_MS);
    const { baseline, measuredChange } = await cardOf(id);
    expect(baseline).toMatchObject({ mean: 50, low: 40, high: 60, samples: FEWEST_BASELINE_SAMPLES });
    expect(measuredChange).toMatchObject({ mean: 62.5, percent: 25, since: now - 10 * MINUTE_MS });
  });

  it('never sets one metric against the baseline of another', async () => {
    const { id, input } = await launched('cartsAtRisk', [10, 20]);
    now += 10 * MINUTE_MS;
    await expect(
      editUseCase(deps, author('stakeholder'), { ...input, id, metric: 'revenue' }),
    ).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'metric' }] });
    await moveUseCase(deps, author('stakeholder'), { id, stage: 'retired' });
    await editUseCase(deps, author('stakeholder'), { ...input, id, metric: 'revenue' });
    expect((await cardOf(id)).baseline).toBeNull();
  });

  it('has no baseline, and no number, where there was too little history', async () => {
    await sample('liveVisits', 7, now - MINUTE_MS);
    const { id } = await launched('liveVisits', []);
    now += 10 * MINUTE_MS;
    await sample('liveVisits', 9, now - MINUTE_MS);
    const { baseline, measuredChange } = await cardOf(id);
    expect(baseline).toMatchObject({ mean: null, low: null, high: null, samples: 1 });
    expect(measuredChange).toBeNull();
  });

  it('goes by the prediction and the holdout of the launch: neither is edited while it runs', async () => {
    const { id, input } = await launched('cartsAtRisk', [10]);
    await expect(
      editUseCase(deps, author('stakeholder'), { ...input, id, predictedChange: 25, holdoutPercent: 0 }),
    ).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ field: 'prediction' }, { field: 'holdout' }],
    });
    await moveUseCase(deps, author('stakeholder'), { id, stage: 'retired' });
    await editUseCase(deps, author('stakeholder'), { ...input, id, predictedChange: 25, holdoutPercent: 0 });
    expect(await cardOf(id)).toMatchObject({ predictedChange: 25, holdoutPercent: 0 });
  });

  it('says since when its mean is taken', async () => {
    const { id } = await launched('conversionRate', [50]);
    now += 3 * 24 * 60 * MINUTE_MS;
    await sample('conversionRate', 75, now - 10 * SECOND_MS);
    const { measuredChange } = await cardOf(id);
    expect(measuredChange?.since).toBe(now - 24 * 60 * MINUTE_MS);
  });
});
