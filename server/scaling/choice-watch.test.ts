import { beforeAll, describe, expect, it } from 'vitest';
import { AlertEvaluator } from '@/server/alerts';
import { partitionsKey } from '@/server/event-log';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { writeSamples } from '@/server/observability/samples-fixture';
import { withWorkspace } from '@/server/platform/postgres';
import type { SignChoice } from './choice.schema';
import { listChoices, signChoice } from './choice.service';
import type { ChoiceAnswers } from './choice-terms.schema';
import { watchChoices } from './choice-watch.service';
import { judgeAssumptions } from './judge-assumption';
import { partitionKeys } from './partition-keys';

const ANSWERS: ChoiceAnswers = {
  residency: 'own',
  peakEventsPerSecond: 100,
  eventBytes: 600,
  ordering: 'customer',
  retentionDays: 30,
  people: 'nobody',
  guarantee: 'once',
  stateGb: 1,
  freshnessSeconds: 2,
  lateKept: true,
};
const LOG: SignChoice = {
  subject: 'log',
  option: 'redis-streams',
  reason: 'One machine is enough for what we see.',
  answers: ANSWERS,
  assumptions: { peakEventsPerSecond: 100 },
};
const ENGINE: SignChoice = {
  ...LOG,
  subject: 'engine',
  option: 'built-in',
  assumptions: { stateGb: 0.000_001 },
};

let deps: Awaited<ReturnType<typeof testDeps>>;
let ops: { workspaceId: string; userId: string };
let other: { workspaceId: string; userId: string };
let shardId: number;
let evaluator: AlertEvaluator;
let counted = 0;

beforeAll(async () => {
  deps = await testDeps();
  deps.stopClock();
  ops = (await testWorkspace(deps, 'north')).actor('ops');
  other = (await testWorkspace(deps, 'south')).actor('ops');
  shardId = (await shardsOf(deps, ops.workspaceId))[0]?.shardId ?? 0;
  await deps.logRedis.sadd(partitionsKey(shardId), '0');
  evaluator = new AlertEvaluator(deps, {
    lagOf: async () => [],
    keepSamples: (samples) =>
      Promise.all(
        samples.map(({ workspaceId, at, readings }) => writeSamples(deps, workspaceId, at, readings)),
      ),
    onError: (error) => {
      throw error;
    },
  });
});

/** What a worker's commit leaves: the partition's counters, so many events further each second, judged each second. */
async function flow(eventsPerSecond: number, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    counted += eventsPerSecond;
    const aggregates = {
      at: deps.now(),
      counters: { events: counted },
      byPlatform: {},
      bySource: {},
      gauges: {},
      money: {},
      funnel: {},
    };
    await deps.logRedis.set(partitionKeys(shardId, 0).aggregates, JSON.stringify(aggregates));
    await evaluator.tick();
    deps.advance(1_000);
  }
}

const of = async (id: string) => (await listChoices(deps, ops.workspaceId)).find((each) => each.id === id);
const actions = () =>
  withWorkspace(deps.db, ops.workspaceId, async (tx) => {
    const entries = await tx.auditEntry.findMany({ where: { action: { startsWith: 'choice.' } } });
    return entries.map(({ action }) => action);
  });

describe('a signed choice', () => {
  it('is flagged when the throughput exceeds what it assumed, and cleared when it is back within', async () => {
    const { id } = await signChoice(deps, ops, LOG);
    await flow(40, 30);
    expect(await watchChoices(deps)).toEqual({ raised: 0, cleared: 0 });
    expect((await of(id))?.assumptions[0]).toMatchObject({ allowed: 100, flag: null });
    expect((await of(id))?.assumptions[0]?.measured).toBeGreaterThan(20);

    await flow(180, 30);
    expect(await watchChoices(deps)).toEqual({ raised: 1, cleared: 0 });
    expect(await watchChoices(deps)).toEqual({ raised: 0, cleared: 0 });
    const flagged = (await of(id))?.assumptions[0];
    expect(flagged?.flag?.worst).toBeGreaterThan(100);
    expect(flagged?.measured).toBeCloseTo(flagged?.flag?.worst ?? 0);

    await flow(250, 20);
    await watchChoices(deps);
    expect((await of(id))?.assumptions[0]?.flag?.worst).toBeGreaterThan(flagged?.flag?.worst ?? 0);

    // Five minutes on, the burst is no longer in the window.
    await flow(40, 1);
    deps.advance(5 * 60_000);
    await flow(40, 25);
    expect(await watchChoices(deps)).toEqual({ raised: 0, cleared: 1 });
    const after = await of(id);
    expect(after?.assumptions[0]?.flag).toBeNull();
    expect(after?.flags).toMatchObject([{ assumption: 'peakEventsPerSecond', allowed: 100 }]);
    expect(after?.flags[0]?.endedAt).not.toBeNull();
    expect(await actions()).toEqual(['choice.signed', 'choice.flagged', 'choice.cleared']);
  });

  it('measures the state in Redis', async () => {
    const { id } = await signChoice(deps, ops, ENGINE);
    await deps.logRedis.hset(partitionKeys(shardId, 0).state, 'u1', 'x'.repeat(5_000));
    await watchChoices(deps);
    const [state] = (await of(id))?.assumptions ?? [];
    expect(state?.measured).toBeGreaterThan(5_000 / 1e9);
    expect(state?.flag).not.toBeNull();
  });

  it('is followed by the next one, whose assumptions are watched instead', async () => {
    const { id } = await signChoice(deps, ops, { ...ENGINE, assumptions: { stateGb: 5 } });
    const [newest, before] = (await listChoices(deps, ops.workspaceId)).filter(
      (each) => each.subject === 'engine',
    );
    expect(newest).toMatchObject({ id, replaced: false });
    expect(before).toMatchObject({ replaced: true });
    expect(before?.assumptions[0]?.flag).toBeNull();
    await watchChoices(deps);
    expect((await of(id))?.assumptions[0]?.flag).toBeNull();
  });

  it('shows whether it is still what was signed; the product itself cannot change it', async () => {
    const { id } = await signChoice(deps, ops, { ...LOG, assumptions: { retentionDays: 30 } });
    expect(await of(id)).toMatchObject({ intact: true, signedBy: 'ops of north' });
    const change = withWorkspace(deps.db, ops.workspaceId, (tx) =>
      tx.choiceRecord.updateMany({ where: { id }, data: { reason: 'another reason' } }),
    );
    await expect(change).rejects.toThrow(/permission denied/);
  });

  it('belongs to its workspace', async () => {
    expect(await listChoices(deps, other.workspaceId)).toEqual([]);
  });

  it('may only be of what was compared, and rest on what is measured for it', async () => {
    await expect(signChoice(deps, ops, { ...LOG, option: 'flink' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    const stranger = { ...LOG, assumptions: { stateGb: 1 } };
    await expect(signChoice(deps, ops, stranger)).rejects.toMatchObject({ code: 'bad_request' });
  });
});

describe('judging assumptions', () => {
  const nothing = { peakEventsPerSecond: null, retentionDays: null, stateGb: null, freshnessSeconds: null };

  it('leaves everything as it is while nothing is known', () => {
    const standing = [{ assumption: 'stateGb' as const, worst: 3 }];
    expect(judgeAssumptions({ stateGb: 1 }, nothing, standing)).toEqual([]);
  });

  it('flags only what exceeds, not what equals', () => {
    expect(judgeAssumptions({ stateGb: 1 }, { ...nothing, stateGb: 1 }, [])).toEqual([]);
    expect(judgeAssumptions({ stateGb: 1 }, { ...nothing, stateGb: 1.01 }, [])).toMatchObject([
      { kind: 'raise', allowed: 1, measured: 1.01 },
    ]);
  });
});
