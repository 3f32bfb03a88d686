import { expect, it } from 'vitest';
import type { LagReading } from '@/server/observability/lag-reading';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { type BehindSince, CATCH_UP_LIMIT_MS, judgeableWaits } from './queue-catch-up';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const NOBODY: BehindSince = new Map();

const wait = (customer: string): QueueEntry => ({
  ...{ customer, reason: 'contact', title: 'chat', channel: 'chat', since: NOW, at: NOW },
});
const reading = (more: Partial<LagReading>): LagReading => ({
  ...{ shardId: 1, partition: 0, group: 'main', lagSeconds: 0, backlog: 0, owner: 'worker' },
  ...more,
});
const queue = (shardId: number, ...customers: string[]) => ({
  ...{ shardId, partitions: 1, entries: customers.map(wait) },
});
const judged = (more: Partial<LagReading>, before = NOBODY, now = NOW) =>
  judgeableWaits([queue(1, 'ann')], [reading(more)], before, now).entries.length === 1;

it.each([
  ['is processed', { lagSeconds: 0 }, true],
  ['is at the limit', { lagSeconds: 10, backlog: 9 }, true],
  ['is drained, its owner a moment late with its word', { lagSeconds: null }, true],
  ['is behind', { lagSeconds: 10.01, backlog: 9 }, false],
  ['is drained and nobody has it', { owner: null }, false],
  ['is heard of from nobody', { lagSeconds: null, owner: null }, false],
  ['has only the archive up to date', { group: 'archive' as const }, false],
])('judges waits of a partition that %s: %j, %s', (_, more, isJudged) => {
  expect(judged(more)).toBe(isJudged);
});

it('holds nothing back for longer than the limit, counted from when it was first seen', () => {
  const late = { lagSeconds: 600, backlog: 9 };
  let behind = NOBODY;
  const look = (afterMs: number) => {
    const seen = judgeableWaits([queue(1, 'ann')], [reading(late)], behind, NOW + afterMs);
    behind = seen.behindSince;
    return seen.entries.length;
  };
  expect([0, 5_000, CATCH_UP_LIMIT_MS - 1, CATCH_UP_LIMIT_MS, CATCH_UP_LIMIT_MS + 5_000].map(look)).toEqual([
    0, 0, 0, 1, 1,
  ]);
  expect([...behind]).toEqual([['1.0', NOW]]);
});

it('keeps shards apart, and forgets who has caught up', () => {
  const queues = [queue(1, 'ann'), queue(2, 'bob', 'eve')];
  const readings = [reading({ lagSeconds: 60, backlog: 1 }), reading({ shardId: 2 })];
  const first = judgeableWaits(queues, readings, NOBODY, NOW);
  expect(first.entries.map(({ customer }) => customer)).toEqual(['bob', 'eve']);
  expect([...first.behindSince]).toEqual([['1.0', NOW]]);
  const next = judgeableWaits(queues, [reading({}), reading({ shardId: 2 })], first.behindSince, NOW + 5_000);
  expect(next.entries).toHaveLength(3);
  expect(next.behindSince.size).toBe(0);
});
