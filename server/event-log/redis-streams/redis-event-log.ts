import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import { Fault } from '@/server/core/fault';
import { RedisScript } from '@/server/platform/redis-script';
import type {
  AppendEvent,
  AppendResult,
  DedupCoverage,
  EventLog,
  Flush,
  LogEntry,
  PartitionLag,
  ReadCursor,
} from '../event-log';
import {
  countKey,
  deadLetterCountKey,
  deadLetterLogKey,
  logKey,
  offsetKey,
  type ProcessorGroup,
  partitionsKey,
} from '../log-keys';
import { appendArguments } from './append-arguments';
import { APPEND_SCRIPT, MAINTAIN_SCRIPT } from './append-script';
import { dedupKeys, ID_BUCKETS } from './dedup-keys';
import { Doorbell } from './doorbell';

/** Memory of an id in an integer set, and of the key and header of a bucket. */
const ID_BYTES = 8;
const BUCKET_BYTES = 120;
/** A generation spans a third of the time to cover: the newest and three older ones always cover it whole. */
const GENERATIONS = 3;

export interface RedisEventLogOptions {
  /** The log Redis: fsync on every write, no eviction. */
  redis: Redis;
  /** The queue Redis, for doorbells. */
  queueRedis: Redis;
  now: Clock;
  dedupMs: number;
  dedupMaxBytes: number;
  /**
   * Where recent ids live. `shard`: one set for all partitions, an id is recognised under any customer. `partition`:
   * under the partition's own tag, as a Redis Cluster needs; the same id under another customer is then another event.
   */
  idScope: 'shard' | 'partition';
  /** Told to refuse appends when this answers a reason, such as a full disk. Asked before every append. */
  refusal?: () => string | null;
}

const appendScript = new RedisScript(APPEND_SCRIPT);
const maintainScript = new RedisScript(MAINTAIN_SCRIPT);

/** The embedded log: Redis Streams, packed, appended by one Lua call a flush. */
export class RedisEventLog implements EventLog {
  readonly #options: RedisEventLogOptions;
  readonly #doorbell: Doorbell;

  constructor(options: RedisEventLogOptions) {
    this.#options = options;
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
    return (await appendScript.run(this.#options.redis, keys, args)) as number[];
  }

  /** One call a partition, each in one slot. What was appended before a failure is recognised when it is sent again. */
  async #appendByPartition(flush: Flush): Promise<number[]> {
    const { shardId } = flush;
    const { redis } = this.#options;
    if (flush.deadLetters.length > 0) {
      const soFar = await redis.incrby(deadLetterCountKey(shardId), flush.deadLetters.length);
      await redis.xadd(deadLetterLogKey(shardId), '*', 'r', JSON.stringify(flush.deadLetters), 'n', soFar);
    }
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
      const repeats = (await appendScript.run(this.#options.redis, keys, args)) as number[];
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

  async trim(shardId: number, partition: number, groups: readonly ProcessorGroup[]): Promise<number> {
    const { redis } = this.#options;
    const offsets = await Promise.all(
      groups.map((group) => redis.hget(offsetKey(shardId, partition, group), 'id')),
    );
    const known = offsets.filter((offset) => offset !== null);
    if (known.length === 0 || known.length < groups.length) return 0;
    const slowest = known.reduce((least, offset) => (compareIds(offset, least) < 0 ? offset : least));
    return redis.xtrim(logKey(shardId, partition), 'MINID', slowest);
  }

  async lag(shardId: number, partitions: readonly number[], group: ProcessorGroup): Promise<PartitionLag[]> {
    const { redis } = this.#options;
    return Promise.all(
      partitions.map(async (partition) => {
        const [total, [offset = null, done = null]] = await Promise.all([
          redis.get(countKey(shardId, partition)),
          redis.hmget(offsetKey(shardId, partition, group), 'id', 'n'),
        ]);
        const after = offset ?? '0';
        const [oldest] = await redis.xrange(logKey(shardId, partition), `(${after}`, '+', 'COUNT', 1);
        return {
          partition,
          backlog: Number(total ?? 0) - Number(done ?? 0),
          oldestAt: oldest ? Number(oldest[0].split('-')[0]) : null,
          offset: after,
        };
      }),
    );
  }

  async partitions(shardId: number): Promise<number[]> {
    const members = await this.#options.redis.smembers(partitionsKey(shardId));
    return members.map(Number).sort((a, b) => a - b);
  }

  async maintainDedup(shardId: number): Promise<DedupCoverage> {
    if (this.#options.idScope === 'shard') return this.#maintainIds(dedupKeys(shardId), 1);
    const partitions = await this.partitions(shardId);
    const coverages = await Promise.all(
      partitions.map((partition) => this.#maintainIds(dedupKeys(shardId, partition), partitions.length)),
    );
    return {
      coveredMs: Math.min(...coverages.map(({ coveredMs }) => coveredMs), this.#options.dedupMs),
      bytes: coverages.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async #maintainIds(names: ReturnType<typeof dedupKeys>, sharers: number): Promise<DedupCoverage> {
    const { now, dedupMs, dedupMaxBytes } = this.#options;
    const at = now();
    const answer = await maintainScript.run(
      this.#options.redis,
      [names.live, names.counts, names.starts],
      [
        names.prefix,
        at,
        Math.ceil(dedupMs / GENERATIONS),
        dedupMs,
        Math.floor(dedupMaxBytes / sharers),
        ID_BYTES,
        ID_BUCKETS,
        BUCKET_BYTES,
      ],
    );
    const [start, bytes] = answer as [number, number];
    return { coveredMs: Math.max(0, at - start), bytes };
  }
}

function entryOf([id, fields]: [id: string, fields: string[]]): LogEntry {
  const entry: LogEntry = { id, records: '[]', eventsSoFar: 0 };
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] === 'r') entry.records = fields[i + 1] ?? '[]';
    else if (fields[i] === 'n') entry.eventsSoFar = Number(fields[i + 1]);
  }
  return entry;
}

/** Order of stream ids: by time, then by sequence. */
function compareIds(a: string, b: string): number {
  const [aTime = '0', aSeq = '0'] = a.split('-');
  const [bTime = '0', bSeq = '0'] = b.split('-');
  return Number(aTime) - Number(bTime) || Number(aSeq) - Number(bSeq);
}
