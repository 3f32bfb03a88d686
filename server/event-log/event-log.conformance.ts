import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type EventLog, encodeEvent, type LogRecord } from '.';
import type { AppendEvent } from './event-log';

/** What the suite needs of an implementation: logs over one storage, and what is only there to look inside. */
export interface ConformanceSubject {
  /** A log; several over the same storage when called again, as in several collectors. */
  open(options?: { now?: () => number; dedupMs?: number; dedupMaxBytes?: number }): EventLog;
  /** Notes that a group has processed up to an entry. */
  commitOffset(
    shardId: number,
    partition: number,
    group: 'main' | 'archive',
    id: string,
    events: number,
  ): Promise<void>;
  /** Whether an id is recognised under another customer as well. */
  recognisesAcrossCustomers: boolean;
}

const PARTITIONS = 8;
let nextShard = 1;

export function event(id: string, customer: string, source = 'src_a', dedupKey = id): AppendEvent {
  const record = {
    k: 'e',
    id,
    c: customer,
    t: 1_000,
    r: 2_000,
    s: source,
    y: 'track',
    n: 'Tested',
    pl: 'web',
    p: { q: ',\n"' },
  } as const;
  return encodeEvent(record, dedupKey, PARTITIONS);
}

async function all(log: EventLog, shardId: number): Promise<LogRecord[]> {
  const cursors = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, after: '0' }));
  const read = await log.read(shardId, cursors, 1_000);
  return [...read.values()].flat().flatMap((entry) => JSON.parse(entry.records) as LogRecord[]);
}

/** The behaviour every event log has. Run by each implementation's own test file. */
export function describeEventLog(name: string, subject: () => ConformanceSubject): void {
  const append = (log: EventLog, shardId: number, ...events: AppendEvent[]) =>
    log.append({ shardId, events, deadLetters: [] });

  describe(`event log: ${name}`, () => {
    it('keeps the order of a customer and counts events per partition', async () => {
      const shardId = nextShard++;
      const log = subject().open();
      await append(log, shardId, event('1', 'anna'), event('2', 'bert'), event('3', 'anna'));
      await append(log, shardId, event('4', 'anna'));
      const { partition } = event('1', 'anna');
      const [entries] = (await log.read(shardId, [{ partition, after: '0' }], 10)).values();
      const records = entries?.flatMap((entry) => JSON.parse(entry.records) as LogRecord[]) ?? [];
      const ofAnna = records.filter((record) => record.k === 'e' && record.c === 'anna');
      expect(ofAnna.map((record) => (record.k === 'e' ? record.id : ''))).toEqual(['1', '3', '4']);
      expect(entries?.at(-1)?.eventsSoFar).toBe(records.length);
      expect(await log.partitions(shardId)).toContain(partition);
    });

    it('keeps a repeat as an attempt, within a flush and across flushes', async () => {
      const shardId = nextShard++;
      const log = subject().open();
      const first = await append(log, shardId, event('1', 'anna'), event('2', 'anna'), event('1', 'anna'));
      expect(first.duplicates).toEqual([2]);
      const second = await append(log, shardId, event('3', 'anna'), event('2', 'anna'), event('4', 'bert'));
      expect(second.duplicates).toEqual([1]);
      const records = await all(log, shardId);
      expect(records.filter(({ k }) => k === 'e')).toHaveLength(4);
      expect(records.filter(({ k }) => k === 'd')).toEqual([
        { k: 'd', id: '1', c: 'anna', t: 1_000, r: 2_000, s: 'src_a' },
        { k: 'd', id: '2', c: 'anna', t: 1_000, r: 2_000, s: 'src_a' },
      ]);
    });

    it('salts ids with the source, and takes what repeats from the dedup key', async () => {
      const shardId = nextShard++;
      const log = subject().open();
      const { duplicates } = await append(
        log,
        shardId,
        event('1', 'anna', 'src_a'),
        event('1', 'anna', 'src_b'),
        event('1', 'anna', 'src_a', 'elsewhere\n1'),
      );
      expect(duplicates).toEqual([]);
    });

    it('recognises ids across customers where the storage allows it', async () => {
      const shardId = nextShard++;
      const { open, recognisesAcrossCustomers } = subject();
      const { duplicates } = await append(open(), shardId, event('1', 'anna'), event('1', 'somebody else'));
      expect(duplicates).toEqual(recognisesAcrossCustomers ? [1] : []);
    });

    it('takes an event once when producers race', async () => {
      const shardId = nextShard++;
      const logs = [subject().open(), subject().open(), subject().open()];
      const ids = Array.from({ length: 200 }, (_, i) => `race-${i}`);
      const taken = await Promise.all(
        logs.flatMap((log) =>
          [0, 1, 2, 3].map((part) => {
            const own = ids
              .filter((_, i) => i % 4 === part)
              .map((id) => event(id, `customer-${id.length % 3}`));
            return append(log, shardId, ...own);
          }),
        ),
      );
      const repeats = taken.reduce((sum, { duplicates }) => sum + duplicates.length, 0);
      expect(repeats).toBe(400);
      const records = await all(logs[0] as EventLog, shardId);
      expect(new Set(records.flatMap((record) => (record.k === 'e' ? [record.id] : []))).size).toBe(200);
      expect(records.filter(({ k }) => k === 'e')).toHaveLength(200);
    });

    it('recognises ids for the whole time, and forgets them afterwards', async () => {
      const shardId = nextShard++;
      let now = 1_000_000;
      const log = subject().open({ now: () => now, dedupMs: 3_000 });
      await append(log, shardId, event('old', 'anna'));
      for (let passed = 0; passed < 2_500; passed += 500) {
        now += 500;
        await log.maintainDedup(shardId);
      }
      expect((await append(log, shardId, event('old', 'anna'))).duplicates).toEqual([0]);
      for (let passed = 0; passed < 8_000; passed += 500) {
        now += 500;
        await log.maintainDedup(shardId);
      }
      expect((await append(log, shardId, event('old', 'anna'))).duplicates).toEqual([]);
    });

    it('drops the oldest ids early when they take too much, and says what is covered', async () => {
      const shardId = nextShard++;
      let now = 1_000_000;
      const log = subject().open({ now: () => now, dedupMs: 1_000_000, dedupMaxBytes: 20_000 });
      await append(log, shardId, event('first', 'anna'));
      for (let round = 0; round < 12; round += 1) {
        now += 1_000;
        await append(log, shardId, ...Array.from({ length: 40 }, () => event(randomUUID(), 'anna')));
        await log.maintainDedup(shardId);
      }
      const { coveredMs, bytes } = await log.maintainDedup(shardId);
      expect(bytes).toBeLessThanOrEqual(20_000);
      expect(coveredMs).toBeLessThan(12_000);
      expect((await append(log, shardId, event('first', 'anna'))).duplicates).toEqual([]);
    });

    it('reports lag by committed offsets, and trims only behind the slowest group', async () => {
      const shardId = nextShard++;
      const { open, commitOffset } = subject();
      const log = open();
      const { partition } = event('1', 'anna');
      for (const id of ['1', '2', '3']) await append(log, shardId, event(id, 'anna'));
      const entries = (await log.read(shardId, [{ partition, after: '0' }], 10)).get(partition) ?? [];
      const [first, second] = entries;
      if (!first || !second) throw new Error('entries are missing');
      expect(await log.trim(shardId, partition, ['main', 'archive'])).toBe(0);
      await commitOffset(shardId, partition, 'main', second.id, 2);
      await commitOffset(shardId, partition, 'archive', first.id, 1);
      const [lag] = await log.lag(shardId, [partition], 'main');
      expect(lag).toMatchObject({ backlog: 1, oldestAt: Number(entries[2]?.id.split('-')[0]) });
      await log.trim(shardId, partition, ['main', 'archive']);
      const left = (await log.read(shardId, [{ partition, after: '0' }], 10)).get(partition) ?? [];
      expect(left.map(({ id }) => id)).toContain(second.id);
      await commitOffset(shardId, partition, 'main', entries[2]?.id ?? '', 3);
      expect((await log.lag(shardId, [partition], 'main'))[0]).toMatchObject({ backlog: 0, oldestAt: null });
    });

    it('makes dead letters durable beside events', async () => {
      const shardId = nextShard++;
      const log = subject().open();
      const letter = {
        k: 'x',
        s: 'src_a',
        reason: 'invalid',
        detail: 'No.',
        sample: '{}',
        t: 1,
        r: 2,
      } as const;
      const { duplicates } = await log.append({ shardId, events: [], deadLetters: [letter] });
      expect(duplicates).toEqual([]);
    });
  });
}
