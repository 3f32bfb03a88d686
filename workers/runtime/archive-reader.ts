import type { Redis } from 'ioredis';
import { readConsentFlags } from '@/server/core/consent-flags';
import { valuesOf } from '@/server/core/redis-replies';
import {
  countKey,
  type DeadLetterRecord,
  deadLetterLogKey,
  type EventLog,
  type LogEntry,
  offsetKey,
  textRecordsOf,
} from '@/server/event-log';
import {
  ArchiveBatch,
  addDeadLetterRows,
  addLogRows,
  addOutputRows,
  DEAD_LETTER_PARTITION,
  type RowOrigin,
} from '@/server/history';
import { compareEntryIds, entryTime, partitionKeys, STREAM_START } from '@/server/scaling';
import type { OutputRecord } from '@/server/streaming/partition-step';
import type { RawEntry } from './outbox';

/** Rows of a batch, about: a batch ends with the partition that reached it. */
const MOST_ROWS = 5_000;
const READ_COUNT = 200;
/** Partitions read in one pipeline. */
const CHUNK = 16;
/** Partitions looked at in one round though nothing is known to have come for them: in turns, where there are more. */
const LOOKS = 512;

/** Where the archive stands in one partition. */
export interface ArchivePosition {
  shardId: number;
  partition: number;
  epoch: string;
  /** Null until read from Postgres. `events`: customer events up to `log`, when known. */
  offsets: { log: string; out: string; events: number | null } | null;
  /** version of the flags that `optedOut` was read at */
  consentVersion: string | null;
  optedOut: Set<string>;
  /** something may have come, or the processors are still at it */
  restless: boolean;
}

interface Entry<T> {
  id: string;
  records: T[];
}

/** Turns entries of the streams into rows, a batch at a time, taking turns between partitions. */
export class ArchiveReader {
  readonly #log: EventLog;
  readonly #redis: Redis;
  readonly #workspaceOf: (shardId: number) => string | undefined;
  #turn = 0;
  #lookTurn = 0;

  constructor(log: EventLog, redis: Redis, workspaceOf: (shardId: number) => string | undefined) {
    this.#log = log;
    this.#redis = redis;
    this.#workspaceOf = workspaceOf;
  }

  async read(held: readonly ArchivePosition[]): Promise<ArchiveBatch> {
    const batch = new ArchiveBatch();
    const order = this.#order(held);
    for (let from = 0; from < order.length && batch.size < MOST_ROWS; from += CHUNK) {
      const part = order.slice(from, from + CHUNK);
      this.#turn += part.length;
      await this.#readPartitions(part, batch);
    }
    return batch;
  }

  /** Those to look at in this round: all of some hundred; of thousands the restless ones and some others in turn. */
  #order(held: readonly ArchivePosition[]): ArchivePosition[] {
    if (held.length <= LOOKS) return fromTurn(held, this.#turn);
    const others = new Set(fromTurn(held, this.#lookTurn).slice(0, LOOKS));
    this.#lookTurn += LOOKS;
    const restless = held.filter((one) => one.restless && !others.has(one));
    return [...fromTurn(restless, this.#turn), ...others];
  }

  /** Entries of a shard's dead letters after an offset, as a batch of their own. */
  async readDeadLetters(shardId: number, after: string): Promise<ArchiveBatch | null> {
    const workspaceId = this.#workspaceOf(shardId);
    if (workspaceId === undefined) return null;
    const raw = (await this.#redis.xrange(
      deadLetterLogKey(shardId),
      `(${after}`,
      '+',
      'COUNT',
      READ_COUNT,
    )) as RawEntry[];
    const last = raw.at(-1);
    if (!last) return null;
    const batch = new ArchiveBatch();
    const origin = { workspaceId, shardId, partition: DEAD_LETTER_PARTITION };
    for (const entry of raw.map((one) => entryOf<DeadLetterRecord>(one)))
      addDeadLetterRows(batch, origin, entry);
    batch.moves.push({
      shardId,
      partition: DEAD_LETTER_PARTITION,
      stream: 'dl',
      before: after,
      after: last[0],
    });
    return batch;
  }

  async #readPartitions(held: readonly ArchivePosition[], batch: ArchiveBatch): Promise<void> {
    const located = held.filter((one) => one.offsets !== null);
    const looks = this.#redis.pipeline();
    for (const { shardId, partition } of located) {
      const keys = partitionKeys(shardId, partition);
      looks.hmget(offsetKey(shardId, partition, 'main'), 'id', 'n');
      looks.mget(keys.consentVersion, countKey(shardId, partition));
    }
    const found = valuesOf(await looks.exec()) as (string | null)[][];
    const looked = located.map((_, index) => lookOf(found[index * 2] ?? [], found[index * 2 + 1] ?? []));
    const reads = this.#redis.pipeline();
    located.forEach((one, index) => {
      const keys = partitionKeys(one.shardId, one.partition);
      reads.xrange(keys.out, `(${one.offsets?.out ?? STREAM_START}`, '+', 'COUNT', READ_COUNT);
      if (looked[index]?.consentVersion === one.consentVersion) reads.echo('');
      else reads.hgetall(keys.consent);
    });
    const [replies, logs] = await Promise.all([
      reads.exec(),
      this.#readLogs(located, (index) => looked[index]?.processed ?? STREAM_START),
    ]);
    const values = valuesOf(replies);
    located.forEach((one, index) => {
      const workspaceId = this.#workspaceOf(one.shardId);
      if (workspaceId === undefined) return;
      const flags = values[index * 2 + 1];
      if (typeof flags === 'object') {
        one.optedOut = optedOutOf(flags as Record<string, string>);
        one.consentVersion = looked[index]?.consentVersion ?? '0';
      }
      const origin = { workspaceId, shardId: one.shardId, partition: one.partition };
      const [entries, outputs] = [logs.get(one) ?? [], values[index * 2] as RawEntry[]];
      takeLog(batch, one, origin, entries);
      takeOut(batch, one, origin, outputs);
      one.restless = entries.length + outputs.length > 0 || looked[index]?.isBehind === true;
    });
  }

  /** Of each position: what was processed and is not archived yet. */
  async #readLogs(
    located: readonly ArchivePosition[],
    processedOf: (index: number) => string,
  ): Promise<Map<ArchivePosition, LogEntry[]>> {
    const spans = located
      .map((one, index) => ({
        one,
        shardId: one.shardId,
        partition: one.partition,
        after: one.offsets?.log ?? STREAM_START,
        to: processedOf(index),
        ...(one.offsets?.events == null ? {} : { events: one.offsets.events }),
      }))
      // Of many partitions most have nothing new in a quarter of a second: those are not asked for entries.
      .filter(({ after, to }) => compareEntryIds(after, to) < 0);
    const found = new Map<ArchivePosition, LogEntry[]>();
    await Promise.all(
      [...Map.groupBy(spans, ({ shardId }) => shardId)].map(async ([shardId, own]) => {
        const entries = await this.#log.readProcessed(shardId, own, READ_COUNT);
        for (const [index, { one }] of own.entries()) found.set(one, entries[index] ?? []);
      }),
    );
    return found;
  }
}

interface Look {
  /** up to where the processors are */
  processed: string;
  isBehind: boolean;
  consentVersion: string;
}

function lookOf([id, done]: (string | null)[], [version, appended]: (string | null)[]): Look {
  return {
    processed: id ?? STREAM_START,
    isBehind: Number(done ?? 0) < Number(appended ?? 0),
    consentVersion: version ?? '0',
  };
}

/** All of them, beginning with another each time. */
function fromTurn<T>(all: readonly T[], turn: number): T[] {
  const first = all.length === 0 ? 0 : turn % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

function takeLog(
  batch: ArchiveBatch,
  held: ArchivePosition,
  origin: RowOrigin,
  entries: readonly LogEntry[],
): void {
  const last = entries.at(-1);
  if (!last || !held.offsets) return;
  const isOptedOut = (customer: string) => held.optedOut.has(customer);
  for (const { id, records: text, eventsSoFar } of entries) {
    const records = orNone(() => textRecordsOf(text));
    addLogRows(batch, origin, { id, loggedAt: entryTime(id), records }, isOptedOut);
    held.offsets.events = eventsSoFar;
  }
  const { shardId, partition } = origin;
  batch.moves.push({ shardId, partition, stream: 'log', before: held.offsets.log, after: last.id });
}

function takeOut(
  batch: ArchiveBatch,
  held: ArchivePosition,
  origin: RowOrigin,
  raw: readonly RawEntry[],
): void {
  const last = raw.at(-1);
  if (!last || !held.offsets) return;
  for (const one of raw) addOutputRows(batch, origin, entryOf<OutputRecord>(one).records);
  const { shardId, partition } = origin;
  batch.moves.push({ shardId, partition, stream: 'out', before: held.offsets.out, after: last[0] });
}

function entryOf<T>([id, fields]: RawEntry): Entry<T> {
  return { id, records: recordsOf<T>(fields[fields.indexOf('r') + 1] ?? '[]') };
}

function recordsOf<T>(text: string): T[] {
  return orNone(() => {
    const records: unknown = JSON.parse(text);
    return Array.isArray(records) ? (records as T[]) : [];
  });
}

/** An entry that is no JSON was noted by the processors already: it has no rows. */
function orNone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** Customers whose profiling is denied: only the anonymous totals keep their events. */
function optedOutOf(flags: Record<string, string>): Set<string> {
  const found = new Set<string>();
  for (const [customer, text] of Object.entries(flags)) {
    if (readConsentFlags(text).denied.includes('profiling')) found.add(customer);
  }
  return found;
}
