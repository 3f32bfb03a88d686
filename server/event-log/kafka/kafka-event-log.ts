import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '@/server/core/fault';
import { valuesOf } from '@/server/core/redis-replies';
import { DeadLetterLog } from '../dead-letter-log';
import { Doorbell } from '../doorbell';
import { compareEntryIds } from '../entry-id';
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
import { offsetKey, type ProcessorGroup, partitionsKey, refusedEntriesKey } from '../log-keys';
import { MessageIds } from '../message-ids';
import type { EventLogOptions } from '../redis-streams/redis-event-log';
import { Claims, type Pack } from './claims';
import type { KafkaConnection } from './kafka-connection';
import { entriesOf, keyOf, type PackedEvents, packsOf, textOf } from './packing';
import { offsetOf, type TopicRecord } from './topic-reader';

/** How long an append waits for another one that has claimed one of its ids, and how often it looks. */
const WAIT_MS = 6_000;
const WAIT_STEP_MS = 5;
/** A partition is trimmed so seldom: a deletion is a round trip and a write on the broker. */
const TRIM_EVERY_MS = 10_000;

/** The log on Kafka: a topic a shard, packed records, message ids claimed in Redis around each append (ADR 6). */
export class KafkaEventLog implements EventLog {
  readonly isWithState = false;
  readonly #options: EventLogOptions;
  readonly #kafka: KafkaConnection;
  readonly #claims: Claims;
  readonly #ids: MessageIds;
  readonly #deadLetters: DeadLetterLog;
  readonly #doorbell: Doorbell;
  readonly #trimmedAt = new Map<string, number>();
  readonly #firstSeen = new Map<string, { after: string; id: string }>();

  constructor(options: EventLogOptions, kafka: KafkaConnection) {
    this.#options = options;
    this.#kafka = kafka;
    this.#claims = new Claims(options);
    this.#ids = new MessageIds(options);
    this.#deadLetters = new DeadLetterLog(options);
    this.#doorbell = new Doorbell(options.queueRedis);
  }

  async append(flush: Flush): Promise<AppendResult> {
    const refusal = this.#options.refusal?.();
    if (refusal) throw new Fault('unavailable', refusal);
    try {
      await this.#kafka.topics.ensure(flush.shardId);
      await this.#deadLetters.append(flush.shardId, flush.deadLetters);
      const duplicates = await this.#appendAll(flush.shardId, flush.events);
      const names = new Set(flush.events.map((event) => `${flush.shardId}.${event.partition}`));
      if (flush.deadLetters.length > 0) names.add(`${flush.shardId}.dl`);
      this.#doorbell.ring(names);
      return { duplicates };
    } catch (cause) {
      throw new Fault('unavailable', 'The event log cannot take events at the moment. Send them again.', {
        cause,
        detail: cause instanceof Error ? cause.message : String(cause),
      });
    }
  }

  /** @returns indexes of the events that were in the log already */
  async #appendAll(shardId: number, events: readonly AppendEvent[]): Promise<number[]> {
    const duplicates: number[] = [];
    let open = [...events.keys()];
    for (const deadline = performance.now() + WAIT_MS; open.length > 0; await pause(WAIT_STEP_MS)) {
      const part = await this.#appendOnce(shardId, packsOf(events, open));
      duplicates.push(...part.repeats);
      open = part.waits;
      if (open.length === 0) break;
      if (performance.now() > deadline) throw new Error('Another append of the same events is not settled.');
    }
    return duplicates.sort((a, b) => a - b);
  }

  async #appendOnce(shardId: number, packs: readonly PackedEvents[]) {
    const claimed = await this.#claims.claim(shardId, packs);
    const topic = this.#kafka.topics.nameOf(shardId);
    const records = claimed
      .filter(({ pack, waits }) => waits.length < pack.events.length)
      .map((one) => ({ topic, partition: one.pack.partition, key: keyOf(one), value: textOf(one) }));
    try {
      await this.#note(shardId, packs);
      await this.#kafka.producer.send(records);
    } catch (error) {
      // Whether it is in the log is not known: by this it has no effect, unless it was processed already.
      await this.#claims.giveUp(shardId, claimed).catch(() => undefined);
      throw error;
    }
    if (!(await this.#claims.settle(shardId, claimed))) {
      throw new Error('A retry has taken over what was appended here.');
    }
    const indexesOf = (kind: 'repeats' | 'waits') =>
      claimed.flatMap(({ pack, [kind]: found }) => found.map((at) => pack.indexes[at] ?? at));
    return { repeats: indexesOf('repeats'), waits: indexesOf('waits') };
  }

  async #note(shardId: number, packs: readonly Pack[]): Promise<void> {
    const partitions = new Set(packs.map(({ partition }) => partition));
    if (partitions.size > 0) await this.#options.redis.sadd(partitionsKey(shardId), ...partitions);
  }

  async read(
    shardId: number,
    cursors: readonly ReadCursor[],
    count: number,
  ): Promise<Map<number, LogEntry[]>> {
    if (cursors.length === 0) return new Map();
    const topic = await this.#kafka.topics.ensure(shardId);
    const found = await this.#kafka.reader.read(topic, cursors, count);
    if (found.size === 0) return new Map();
    const claims = new Map([...found].map(([partition, records]) => [partition, records.map(claimOf)]));
    const standings = await this.#claims.standings(shardId, claims);
    const bases = new Map(cursors.map(({ partition, events = 0 }) => [partition, events]));
    return new Map(
      [...found].map(([partition, records]) => {
        const standing = standings.get(partition) ?? [];
        const seen = new Set<string | null>();
        const isGone = (at: number) => {
          const claim = claims.get(partition)?.[at] ?? null;
          const isAgain = claim !== null && seen.has(claim);
          seen.add(claim);
          return isAgain || standing[at] === 'gone';
        };
        const entries = entriesOf(records, bases.get(partition) ?? 0, isGone);
        // Without a standing to check at the commit, a claim is none.
        entries.forEach((entry, at) => {
          if (standing[at] !== 'stands') delete entry.claim;
        });
        return [partition, entries];
      }),
    );
  }

  async readProcessed(
    shardId: number,
    spans: readonly ProcessedSpan[],
    count: number,
  ): Promise<LogEntry[][]> {
    const open = spans.filter(({ after, to }) => compareEntryIds(to, after) > 0);
    if (open.length === 0) return spans.map(() => []);
    const topic = await this.#kafka.topics.ensure(shardId);
    const [found, refused, bases] = await Promise.all([
      this.#kafka.reader.read(topic, open, count),
      this.#claims.refused(
        shardId,
        open.map(({ partition }) => partition),
      ),
      this.#archivedEvents(shardId, open),
    ]);
    return spans.map((span) => {
      const { partition, to } = span;
      const records = (found.get(partition) ?? []).filter(({ id }) => compareEntryIds(id, to) <= 0);
      const gone = refused.get(partition);
      const base = span.events ?? bases.get(partition) ?? 0;
      return open.includes(span)
        ? entriesOf(records, base, (at) => gone?.has(records[at]?.id ?? '') === true)
        : [];
    });
  }

  async #archivedEvents(shardId: number, spans: readonly ProcessedSpan[]): Promise<Map<number, number>> {
    const pipeline = this.#options.redis.pipeline();
    for (const { partition } of spans) pipeline.hget(offsetKey(shardId, partition, 'archive'), 'n');
    const values = valuesOf(await pipeline.exec());
    return new Map(spans.map(({ partition }, index) => [partition, Number(values[index] ?? 0)]));
  }

  async firstAfter(shardId: number, cursors: readonly ReadCursor[]): Promise<(string | null)[]> {
    if (cursors.length === 0) return [];
    const topic = await this.#kafka.topics.ensure(shardId);
    const seenOf = (partition: number, after: string) => {
      const seen = this.#firstSeen.get(`${topic}/${partition}`);
      return seen?.after === after ? seen.id : null;
    };
    const unknown = cursors.filter(({ partition, after }) => seenOf(partition, after) === null);
    const records = await this.#kafka.reader.first(topic, unknown);
    unknown.forEach(({ partition, after }, index) => {
      const id = records[index]?.id;
      if (id !== undefined) this.#firstSeen.set(`${topic}/${partition}`, { after, id });
    });
    return cursors.map(({ partition, after }) => seenOf(partition, after));
  }

  async endsBefore(shardId: number, cursors: readonly ReadCursor[]): Promise<boolean[]> {
    if (cursors.length === 0) return [];
    const topic = await this.#kafka.topics.ensure(shardId);
    const ends = await this.#kafka.reader.ends(
      topic,
      cursors.map(({ partition }) => partition),
    );
    return cursors.map(({ after }, index) => !isStart(after) && (ends[index] ?? 0) <= offsetOf(after));
  }

  async eventsUpTo(shardId: number, cursors: readonly ReadCursor[]): Promise<(number | null)[]> {
    const { redis } = this.#options;
    return Promise.all(
      cursors.map(async ({ partition, after: to }) => {
        const [from, known] = await redis.hmget(offsetKey(shardId, partition, 'archive'), 'id', 'n');
        let after = from ?? '0-0';
        let events = Number(known ?? 0);
        while (compareEntryIds(after, to) < 0) {
          const [entries] = await this.readProcessed(
            shardId,
            [{ partition, after, to, events }],
            COUNTED_AT_ONCE,
          );
          const last = entries?.at(-1);
          if (!last) break;
          after = last.id;
          events = last.eventsSoFar;
        }
        return compareEntryIds(after, to) === 0 ? events : null;
      }),
    );
  }

  async deliver(packs: readonly RecordPack[]): Promise<void> {
    const byShard = Map.groupBy(packs, ({ shardId }) => shardId);
    await Promise.all(
      [...byShard].map(async ([shardId, own]) => {
        const topic = await this.#kafka.topics.ensure(shardId);
        const partitions = new Set(own.map(({ partition }) => partition));
        await this.#options.redis.sadd(partitionsKey(shardId), ...partitions);
        await this.#kafka.producer.send(
          own.map(({ partition, records }) => ({ topic, partition, key: null, value: records })),
        );
      }),
    );
  }

  async tick({ shardId, partition, records }: RecordPack, epoch: string): Promise<boolean> {
    const topic = await this.#kafka.topics.ensure(shardId);
    const claim = await this.#claims.claimTick(shardId, partition, epoch, this.#options.now());
    if (claim === null) return false;
    await this.#kafka.producer.send([{ topic, partition, key: `${claim} 0`, value: records }]);
    return true;
  }

  takeOver(shardId: number, partition: number): Promise<void> {
    return this.#claims.dropTick(shardId, partition);
  }

  async trim(shardId: number, partition: number, groups: readonly ProcessorGroup[]): Promise<number> {
    const { redis, now } = this.#options;
    const topic = await this.#kafka.topics.ensure(shardId);
    const place = `${topic}/${partition}`;
    if (now() - (this.#trimmedAt.get(place) ?? 0) < TRIM_EVERY_MS) return 0;
    const slowest = await slowestOffset(redis, { shardId, partition, groups });
    if (slowest === null || isStart(slowest)) return 0;
    this.#trimmedAt.set(place, now());
    const dropped = await this.#kafka.dropBefore(topic, partition, offsetOf(slowest));
    const key = refusedEntriesKey(shardId, partition);
    const passed = (await redis.smembers(key)).filter((id) => compareEntryIds(id, slowest) < 0);
    if (passed.length > 0) await redis.srem(key, ...passed);
    return dropped;
  }

  lag(shardId: number, partitions: readonly number[], group: ProcessorGroup): Promise<PartitionLag[]> {
    return lagByOffsets(this, this.#options.redis, { shardId, partitions, group });
  }

  async partitions(shardId: number): Promise<number[]> {
    const members = await this.#options.redis.smembers(partitionsKey(shardId));
    return members.map(Number).sort((a, b) => a - b);
  }

  async maintainDedup(shardId: number): Promise<DedupCoverage> {
    const partitions = await this.partitions(shardId);
    await this.#claims.sweep(shardId, partitions);
    return this.#ids.maintain(shardId, () => Promise.resolve(partitions));
  }
}

/** Records read at once while events are counted. */
const COUNTED_AT_ONCE = 500;

const isStart = (id: string): boolean => id === '0' || id === '0-0';

/** The claim of a record's key `<claim> <events>`. */
function claimOf({ key }: TopicRecord): string | null {
  return key === null ? null : key.slice(0, key.indexOf(' '));
}
