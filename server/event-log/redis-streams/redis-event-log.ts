import type { Redis } from 'ioredis';
import { Fault } from '@/server/core/fault';
import { valuesOf } from '@/server/core/redis-replies';
import { RedisScript } from '@/server/platform/redis-script';
import { DeadLetterLog } from '../dead-letter-log';
import { Doorbell } from '../doorbell';
import type {
  AppendEvent,
  AppendResult,
  DedupCoverage,
  EventLog,
  Flush,
  LogEntry,
  PartitionLag,
  ProcessedSpan,
  ReadCursor,
  RecordPack,
} from '../event-log';
import { lagByOffsets, slowestOffset } from '../group-offsets';
import { countKey, epochKey, logKey, type ProcessorGroup, partitionsKey } from '../log-keys';
import { dedupKeys, type MessageIdOptions, MessageIds } from '../message-ids';
import { endedStreams } from '../stream-ends';
import { appendArguments } from './append-arguments';
import { APPEND_SCRIPT } from './append-script';
import { DELIVER_SCRIPT, TICK_SCRIPT } from './record-scripts';

export interface EventLogOptions extends MessageIdOptions {
  /** The queue Redis, for doorbells. */
  queueRedis: Redis;
  /** Told to refuse appends when this answers a reason, such as a full disk. Asked before every append. */
  refusal?: (() => string | null) | undefined;
}

/** The embedded log: Redis Streams, packed, appended by one Lua call a flush. */
export class RedisEventLog implements EventLog {
  readonly isWithState = true;
  readonly #options: EventLogOptions;
  readonly #append: RedisScript;
  readonly #deliver: RedisScript;
  readonly #tick: RedisScript;
  readonly #ids: MessageIds;
  readonly #deadLetters: DeadLetterLog;
  readonly #doorbell: Doorbell;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#append = new RedisScript(APPEND_SCRIPT);
    this.#deliver = new RedisScript(DELIVER_SCRIPT);
    this.#tick = new RedisScript(TICK_SCRIPT);
    this.#ids = new MessageIds(options);
    this.#deadLetters = new DeadLetterLog(options);
    this.#doorbell = new Doorbell(options.queueRedis);
  }

  async append(flush: Flush): Promise<AppendResult> {
    const refusal = this.#options.refusal?.();
    if (refusal) throw new Fault('unavailable', refusal);
    try {
      const duplicates =
        this.#options.idScope === 'shard'
          ? await this.#appendOnce(flush)
          : await this.#appendByPartition(flush);
      this.#ring(flush);
      return { duplicates };
    } catch (cause) {
      throw new Fault('unavailable', 'The event log cannot take events at the moment. Send them again.', {
        cause,
        detail: cause instanceof Error ? cause.message : String(cause),
      });
    }
  }

  async #appendOnce(flush: Flush): Promise<number[]> {
    const { keys, args } = appendArguments(flush, dedupKeys(flush.shardId), true);
    return (await this.#append.run(this.#options.redis, keys, args)) as number[];
  }

  /** One call a partition, each in one slot. What was appended before a failure is recognised when it is sent again. */
  async #appendByPartition(flush: Flush): Promise<number[]> {
    const { shardId } = flush;
    const { redis } = this.#options;
    await this.#deadLetters.append(shardId, flush.deadLetters);
    const byPartition = new Map<number, { events: AppendEvent[]; indexes: number[] }>();
    for (const [index, event] of flush.events.entries()) {
      const part = byPartition.get(event.partition) ?? { events: [], indexes: [] };
      part.events.push(event);
      part.indexes.push(index);
      byPartition.set(event.partition, part);
    }
    if (byPartition.size > 0) await redis.sadd(partitionsKey(shardId), ...byPartition.keys());
    const calls = [...byPartition].map(async ([partition, { events, indexes }]) => {
      const part = { shardId, events, deadLetters: [] };
      const { keys, args } = appendArguments(part, dedupKeys(shardId, partition), false);
      const repeats = (await this.#append.run(this.#options.redis, keys, args)) as number[];
      return repeats.map((at) => indexes[at] ?? at);
    });
    return (await Promise.all(calls)).flat().sort((a, b) => a - b);
  }

  #ring(flush: Flush): void {
    const names = new Set(flush.events.map((event) => `${flush.shardId}.${event.partition}`));
    if (flush.deadLetters.length > 0) names.add(`${flush.shardId}.dl`);
    this.#doorbell.ring(names);
  }

  async read(
    shardId: number,
    cursors: readonly ReadCursor[],
    count: number,
  ): Promise<Map<number, LogEntry[]>> {
    const found = new Map<number, LogEntry[]>();
    if (cursors.length === 0) return found;
    if (this.#options.idScope === 'partition') return this.#readApart(shardId, cursors, count);
    const partitionOfKey = new Map(cursors.map(({ partition }) => [logKey(shardId, partition), partition]));
    const answer = await this.#options.redis.xread(
      'COUNT',
      count,
      'STREAMS',
      ...partitionOfKey.keys(),
      ...cursors.map(({ after }) => after),
    );
    for (const [key, entries] of answer ?? []) {
      const partition = partitionOfKey.get(key);
      if (partition !== undefined) found.set(partition, entries.map(entryOf));
    }
    return found;
  }

  /** One call a partition: on a cluster each lies in a slot of its own. */
  async #readApart(
    shardId: number,
    cursors: readonly ReadCursor[],
    count: number,
  ): Promise<Map<number, LogEntry[]>> {
    const pipeline = this.#options.redis.pipeline();
    for (const { partition, after } of cursors) {
      pipeline.xrange(logKey(shardId, partition), `(${after}`, '+', 'COUNT', count);
    }
    const replies = valuesOf(await pipeline.exec()) as RawEntry[][];
    return new Map(
      cursors.flatMap(({ partition }, index) => {
        const entries = replies[index] ?? [];
        return entries.length === 0 ? [] : [[partition, entries.map(entryOf)] as const];
      }),
    );
  }

  async readProcessed(
    shardId: number,
    spans: readonly ProcessedSpan[],
    count: number,
  ): Promise<LogEntry[][]> {
    const pipeline = this.#options.redis.pipeline();
    for (const { partition, after, to } of spans) {
      pipeline.xrange(logKey(shardId, partition), `(${after}`, to, 'COUNT', count);
    }
    return (valuesOf(await pipeline.exec()) as RawEntry[][]).map((entries) => entries.map(entryOf));
  }

  async firstAfter(shardId: number, cursors: readonly ReadCursor[]): Promise<(string | null)[]> {
    const runs = cursors.map(({ partition, after }) => ({
      keys: [logKey(shardId, partition)],
      args: [`(${after}`],
    }));
    return (await FIRST_ID.pipelined(this.#options.redis, runs)) as (string | null)[];
  }

  async endsBefore(shardId: number, cursors: readonly ReadCursor[]): Promise<boolean[]> {
    return endedStreams(
      this.#options.redis,
      cursors.map(({ partition, after }) => ({ key: logKey(shardId, partition), after })),
    );
  }

  async eventsUpTo(shardId: number, cursors: readonly ReadCursor[]): Promise<(number | null)[]> {
    const pipeline = this.#options.redis.pipeline();
    for (const { partition, after } of cursors) pipeline.xrange(logKey(shardId, partition), after, after);
    const replies = valuesOf(await pipeline.exec()) as RawEntry[][];
    return replies.map(([entry]) => (entry ? entryOf(entry).eventsSoFar : null));
  }

  async deliver(packs: readonly RecordPack[]): Promise<void> {
    if (packs.length === 0) return;
    await this.#deliver.pipelined(
      this.#options.redis,
      packs.map(({ shardId, partition, records }) => ({
        keys: [logKey(shardId, partition), countKey(shardId, partition)],
        args: [records],
      })),
    );
    const { redis } = this.#options;
    const byShard = Map.groupBy(packs, ({ shardId }) => shardId);
    await Promise.all(
      [...byShard].map(([shardId, own]) =>
        redis.sadd(partitionsKey(shardId), ...new Set(own.map(({ partition }) => partition))),
      ),
    );
  }

  async tick({ shardId, partition, records }: RecordPack, epoch: string): Promise<boolean> {
    const keys = [
      epochKey(shardId, partition, 'main'),
      logKey(shardId, partition),
      countKey(shardId, partition),
    ];
    return (await this.#tick.run(this.#options.redis, keys, [epoch, records])) !== null;
  }

  /** A commit and an append are one step here: nothing can be under way. */
  async takeOver(): Promise<void> {}

  async trim(shardId: number, partition: number, groups: readonly ProcessorGroup[]): Promise<number> {
    const { redis } = this.#options;
    const slowest = await slowestOffset(redis, { shardId, partition, groups });
    return slowest === null ? 0 : redis.xtrim(logKey(shardId, partition), 'MINID', slowest);
  }

  lag(shardId: number, partitions: readonly number[], group: ProcessorGroup): Promise<PartitionLag[]> {
    return lagByOffsets(this, this.#options.redis, { shardId, partitions, group });
  }

  async partitions(shardId: number): Promise<number[]> {
    const members = await this.#options.redis.smembers(partitionsKey(shardId));
    return members.map(Number).sort((a, b) => a - b);
  }

  maintainDedup(shardId: number): Promise<DedupCoverage> {
    return this.#ids.maintain(shardId, () => this.partitions(shardId));
  }
}

/** The id of the first entry from a place on, or nothing: the entry itself may be some ten kilobytes. */
const FIRST_ID = new RedisScript(`
local first = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', 1)[1]
return first and first[1] or false`);

type RawEntry = [id: string, fields: string[]];

function entryOf([id, fields]: RawEntry): LogEntry {
  const entry: LogEntry = { id, records: '[]', eventsSoFar: 0 };
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] === 'r') entry.records = fields[i + 1] ?? '[]';
    else if (fields[i] === 'n') entry.eventsSoFar = Number(fields[i + 1]);
  }
  return entry;
}
