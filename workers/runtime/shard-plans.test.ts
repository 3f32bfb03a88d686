import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ShardDescription } from '@/server/identity';
import { workspaceSettingsSchema } from '@/server/identity/workspace-settings.schema';
import { ShardPlans } from './shard-plans';
import { countingProcessor } from './testing-processor';

const SHARDS = 24;
const MINUTE_MS = 60_000;
const REFRESH_MS = 5_000;
let shards: ShardDescription[];
let read: number[];
let versions: Map<number, string>;
let lapsesAt: Map<number, number>;
let plans: ShardPlans;
let failing: boolean;

beforeEach(async () => {
  vi.useFakeTimers();
  shards = Array.from({ length: SHARDS }, (_, shardId) => ({
    shardId,
    workspaceId: `ws_${shardId}`,
    region: 'eu',
    partitions: 4,
    currency: 'USD',
    timeZone: 'UTC',
    settings: workspaceSettingsSchema.parse({}) as unknown as ShardDescription['settings'],
    cardTtlMs: 1,
  }));
  read = [];
  versions = new Map();
  lapsesAt = new Map();
  failing = false;
  plans = new ShardPlans({
    shards: async () => shards,
    definitions: async ({ shardId }) => {
      if (failing) throw new Error('away');
      read.push(shardId);
      return {
        version: versions.get(shardId) ?? '1',
        changesAt: lapsesAt.get(shardId) ?? null,
        make: countingProcessor,
      };
    },
    now: Date.now,
    logger: pino({ level: 'silent' }),
  });
  await plans.start();
  read = [];
});

afterEach(() => {
  plans.stop();
  vi.useRealTimers();
});

it('reads the rules of every shard once a minute, a part at a time', async () => {
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(read).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(MINUTE_MS - REFRESH_MS);
  expect([...read].sort((a, b) => a - b)).toEqual(shards.map(({ shardId }) => shardId));
});

it('reads at once those of a workspace that changed, and makes its processor anew', async () => {
  const [before, other] = [plans.get(3)?.processor, plans.get(4)?.processor];
  versions.set(3, '2');
  await plans.changed('ws_3');
  expect(read).toEqual([3]);
  expect(plans.get(3)?.processor).not.toBe(before);
  expect(plans.get(4)?.processor).toBe(other);
  await plans.changed();
  expect(read).toHaveLength(1 + SHARDS);
});

it('reads those whose settings changed or whose signature lapsed, and shards that are new', async () => {
  lapsesAt.set(5, Date.now() + 7_000);
  await plans.changed('ws_5');
  lapsesAt.delete(5);
  shards = shards.map((shard) => (shard.shardId === 7 ? { ...shard, currency: 'EUR' } : shard));
  shards.push({ ...(shards[0] as ShardDescription), shardId: 100, workspaceId: 'ws_100' });
  read = [];
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(read).toEqual(expect.arrayContaining([7, 100]));
  expect(read).not.toContain(5);
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(read).toContain(5);
  expect(plans.shardIds()).toContain(100);
});

it('reads a change that met a failure again with the next refresh; until then the last known stand', async () => {
  const before = plans.get(9)?.processor;
  versions.set(9, '2');
  failing = true;
  await plans.changed('ws_9');
  expect(plans.get(9)?.processor).toBe(before);
  failing = false;
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(plans.get(9)?.processor).not.toBe(before);
});
