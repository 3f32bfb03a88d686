import { expect, it } from 'vitest';
import type { QueueEntry } from '@/server/streaming/partition-step';
import {
  type BehindSince,
  CATCH_UP_LIMIT_MS,
  judgeableWaits,
  type PartitionStanding,
} from './queue-catch-up';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const NOBODY: BehindSince = new Map();

const wait = (customer: string): QueueEntry => ({
  ...{ customer, reason: 'contact', title: 'chat', channel: 'chat', since: NOW, at: NOW },
});
const standing = (more: Partial<PartitionStanding>): PartitionStanding => ({
  ...{ shardId: 1, partition: 0, lagSeconds: 0, owner: 'worker', nextTimer: NOW + 1 },
  ...{ recordAt: NOW - 1_000, newestAt: NOW - 2_000 },
  ...more,
});
const queue = (shardId: number, ...customers: string[]) => ({
  ...{ shardId, partitions: 1, entries: customers.map(wait) },
});
const judged = (more: Partial<PartitionStanding>, before = NOBODY, now = NOW) =>
  judgeableWaits([queue(1, 'ann')], [standing(more)], before, now).entries.length === 1;

it.each([
  ['is processed', { lagSeconds: 0 }, true],
  ['is at the limit', { lagSeconds: 10 }, true],
  ['is drained, its owner a moment late with its word', { lagSeconds: null }, true],
  ['is behind', { lagSeconds: 10.01 }, false],
  ['is drained and nobody has it', { owner: null }, false],
  ['is heard of from nobody', { lagSeconds: null, owner: null }, false],
  ['has no timer', { nextTimer: null }, true],
  ['has a timer to see to', { nextTimer: NOW - 39_999 }, true],
  ['never held a record', { recordAt: null, newestAt: null }, true],
  ['is fed events that are a little old', { newestAt: NOW - 11_000 }, true],
  ['is fed what happened a while ago', { newestAt: NOW - 11_001 }, false],
  ['was fed such events, and no more of them', { recordAt: NOW - 5_000, newestAt: NOW - 600_000 }, true],
  ['was only just taken, with a timer long due', { nextTimer: NOW - 40_000 }, false],
])('judges waits of a partition that %s: %j, %s', (_, more, isJudged) => {
  expect(judged(more)).toBe(isJudged);
});

it('holds nothing back for longer than the limit, counted from when it was first seen', () => {
  const late = { lagSeconds: 600 };
  let behind = NOBODY;
  const look = (afterMs: number) => {
    const seen = judgeableWaits([queue(1, 'ann')], [standing(late)], behind, NOW + afterMs);
    behind = seen.behindSince;
    return seen.entries.length;
  };
  expect([0, 5_000, CATCH_UP_LIMIT_MS - 1, CATCH_UP_LIMIT_MS, CATCH_UP_LIMIT_MS + 5_000].map(look)).toEqual([
    0, 0, 0, 1, 1,
  ]);
  expect([...behind]).toMatchObject([['1.0', { since: NOW }]]);
});

it.each([
  ['gains on the clock', 2, false],
  ['does not', 1.9, true],
])('holds back for as long as what is replayed %s: at %d times its pace, judged: %s', (_, pace, isJudged) => {
  const hourAgo = NOW - 3_600_000;
  let behind = NOBODY;
  const look = (afterMs: number) => {
    const now = NOW + afterMs;
    const replayed = standing({ recordAt: now, newestAt: hourAgo + afterMs * pace });
    const seen = judgeableWaits([queue(1, 'ann')], [replayed], behind, now);
    behind = seen.behindSince;
    return seen.entries.length === 1;
  };
  const looks = Array.from({ length: 25 }, (_look, index) => look(index * 5_000));
  expect(looks.at(-1)).toBe(isJudged);
});

it('keeps shards apart, and forgets who has caught up', () => {
  const queues = [queue(1, 'ann'), queue(2, 'bob', 'eve')];
  const readings = [standing({ lagSeconds: 60 }), standing({ shardId: 2 })];
  const first = judgeableWaits(queues, readings, NOBODY, NOW);
  expect(first.entries.map(({ customer }) => customer)).toEqual(['bob', 'eve']);
  expect([...first.behindSince]).toMatchObject([['1.0', { since: NOW }]]);
  const next = judgeableWaits(
    queues,
    [standing({}), standing({ shardId: 2 })],
    first.behindSince,
    NOW + 5_000,
  );
  expect(next.entries).toHaveLength(3);
  expect(next.behindSince.size).toBe(0);
});
