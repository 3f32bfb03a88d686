import { beforeAll, describe, expect, it } from 'vitest';
import { offsetKey, partitionsKey } from '@/server/event-log';
import { testDeps } from '@/server/identity/testing/test-identity';
import type { LagReading } from '@/server/observability';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import { readOperators, writeOperators } from './operator-standing.connector';
import { partitionKeys } from './partition-keys';
import { sampleStates } from './state-sample.connector';
import { StreamsSampler } from './streams-sampler';
import { readClocks } from './watermark.connector';

const SHARD = 7;
const IDLE_MS = 5_000;
const EVENT_TIME = Date.parse('2026-11-20T10:00:00Z');

let deps: Awaited<ReturnType<typeof testDeps>>;
let lag: LagReading[] | Error;
beforeAll(async () => {
  deps = await testDeps();
  deps.stopClock();
  await deps.logRedis.sadd(partitionsKey(SHARD), '0', '1', '2');
});

function reading(partition: number, more: Partial<LagReading> = {}): LagReading {
  const drained = { group: 'main' as const, lagSeconds: 0, backlog: 0, owner: 'worker-a' };
  return { shardId: SHARD, partition, ...drained, ...more };
}

function sampler() {
  return new StreamsSampler({
    now: deps.now,
    latenessMs: 600_000,
    idleMs: IDLE_MS,
    readLag: async () => {
      if (lag instanceof Error) throw lag;
      return lag;
    },
    readFlow: async () => [{ shardId: SHARD, appended: 0, processed: 0, archived: 0, deadLetters: 0 }],
    readOperators: () => readOperators(deps.queueRedis, SHARD),
    readClocks: () => readClocks(deps, SHARD),
    readStates: () => sampleStates(deps, SHARD),
    onError: () => undefined,
  });
}

function aggregates(counters: Record<string, number>): PartitionAggregates {
  return { at: deps.now(), counters, byPlatform: {}, bySource: {}, gauges: {}, money: {}, funnel: {} };
}

/** Where event time is in a partition, and how long ago something was committed there. */
async function clock(partition: number, newest: number, tick: number, agoMs: number): Promise<void> {
  await deps.logRedis.hset(partitionKeys(SHARD, partition).clock, { newest, tick });
  await deps.logRedis.hset(offsetKey(SHARD, partition, 'main'), { id: '1-0', at: deps.now() - agoMs });
}

describe('the room of streams', () => {
  it('tells rates, time per operator and errors from what workers counted', async () => {
    lag = [reading(0)];
    const made = sampler();
    for (let second = 0; second <= 12; second += 1) {
      await writeOperators(deps.queueRedis, 'process-a', [
        [
          SHARD,
          {
            at: deps.now(),
            followed: second * 10,
            operators: {
              carts: { events: second * 2, ms: second * 0.05, errors: second >= 6 ? 1 : 0 },
              visits: { events: second * 10, ms: second * 0.02, errors: 0 },
            },
          },
        ],
      ]);
      const values = aggregates({ events: second * 320, cartsOpened: second * 4, cartsConverted: second });
      await made.sample([{ shardId: SHARD, partition: 0, values }]);
      deps.advance(1_000);
    }
    const { operators, followed } = made.snapshot();
    expect(followed).toBe(120);
    expect(operators.visits?.takes).toBeCloseTo(320, 5);
    // A fifth of the followed events came to the carts: so did a fifth of all.
    expect(operators.carts?.takes).toBeCloseTo(64, 5);
    expect(operators.carts?.gives).toBeCloseTo(5, 5);
    expect(operators.carts?.microseconds).toBeCloseTo(25, 3);
    expect(operators.carts?.errors).toBe(1);
    expect(operators.visits?.microseconds).toBeCloseTo(2, 3);
    expect(operators.queue?.microseconds).toBeNull();
    expect(operators.context?.gives).toBeNull();
  });

  it('holds the watermark at the slowest partition, idle ones left out', async () => {
    lag = [reading(0), reading(1), reading(2)];
    await clock(0, EVENT_TIME + 60_000, 0, 100);
    await clock(1, EVENT_TIME + 30_000, 0, 100);
    await clock(2, EVENT_TIME, 0, IDLE_MS + 1);
    const made = sampler();
    const { watermark } = await made.sample([]);
    expect(watermark).toMatchObject({ at: EVENT_TIME + 30_000, newest: EVENT_TIME + 60_000 });
    expect(watermark.partitions.map(([, partition, , , idle]) => [partition, idle])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
  });

  it('takes a partition with a backlog for slow, never for idle', async () => {
    lag = [reading(0), reading(1), reading(2, { backlog: 5, lagSeconds: 9, owner: null })];
    const { watermark, groups } = await sampler().sample([]);
    expect(watermark.at).toBe(EVENT_TIME);
    expect(groups[0]).toMatchObject({ group: 'main', lagSeconds: 9, backlog: 5, workers: 1 });
    expect(groups[0]?.reason).toContain('no worker');
  });

  it('knows no lag that it cannot read, and never says zero', async () => {
    lag = new Error('away');
    const { groups } = await sampler().sample([]);
    expect(groups.map(({ lagSeconds }) => lagSeconds)).toEqual([null, null]);
  });

  it('has a watermark of none when all partitions are idle', async () => {
    lag = [];
    await clock(0, EVENT_TIME, EVENT_TIME + 1, 100);
    await clock(1, EVENT_TIME, 0, IDLE_MS + 1);
    expect((await sampler().sample([])).watermark).toMatchObject({ at: null, newest: EVENT_TIME });
  });

  it('estimates the state of each operator from states that are there', async () => {
    lag = [];
    const visits = [[1, 2, 3, 0, 0, 0, 0, 0]];
    const state = { n: 1, f: 1, e: 1, vs: visits, cb: [], cx: '', pc: 0, lk: ['k2'] };
    for (let index = 0; index < 30; index += 1) {
      await deps.logRedis.hset(partitionKeys(SHARD, index % 3).state, `u${index}`, JSON.stringify(state));
    }
    const { operators, state: kept } = await sampler().sample([]);
    expect(kept.customers).toBe(30);
    expect(kept.sampled).toBeGreaterThan(10);
    // "f":1, and "vs":[[…]], are the visits'.
    const ofVisits = '"f":1,'.length + `"vs":${JSON.stringify(visits)},`.length;
    expect(operators.visits?.stateBytes).toBeCloseTo(30 * ofVisits, 0);
    expect(operators.archive?.stateBytes).toBeNull();
    const all = Object.values(operators).reduce((sum, each) => sum + (each?.stateBytes ?? 0), 0);
    expect(all).toBeCloseTo(30 * (JSON.stringify(state).length - 1), 0);
  });
});
