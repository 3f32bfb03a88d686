import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, fetchV12, RecordsBatch } from '@platformatic/kafka';
import { compareEntryIds, entryTime, STREAM_START } from '../entry-id';
import type { ReadCursor } from '../event-log';
import { kafkaLibrary } from './kafka-library';

/** Bytes asked for of one partition, and of all together; a first batch comes whole even if it is larger. */
const PARTITION_BYTES = 512 * 1024;
const RESPONSE_BYTES = 16 * 1024 * 1024;
const READ_UNCOMMITTED = 0;
const NO_SESSION = [0, -1] as const;
/** A read that meets nothing new in so many requests ends: what is left comes with the next. */
const MOST_REQUESTS = 50;
const OFFSET_OUT_OF_RANGE = 1;
/** The leader is another by now, or does not know yet that it is: the topic was made, or a broker came back, just before. */
const NOT_LEADER = 6;
const LEADER_TRIES = 5;
const LEADER_PAUSE_MS = 100;

/** One record of a topic. `id` is its log time, never going back within the partition, and its offset. */
export interface TopicRecord {
  id: string;
  key: string | null;
  value: Buffer;
}

interface Wanted {
  partition: number;
  /** the next offset to fetch */
  offset: number;
  /** log time of the record before */
  time: number;
  found: TopicRecord[];
  /** end of the log when it was fetched last */
  end: number;
}

/** Reads partitions of topics by offset, without a consumer group: where a reader stands is kept with its state. */
export class TopicReader {
  readonly #admin: Admin;
  /** Fetched beyond what was asked for: the next read of the same place begins with it. */
  readonly #ahead = new Map<string, TopicRecord[]>();
  #refresh = false;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** Records after each cursor, at most `count` a partition. Does not wait for news. */
  async read(
    topic: string,
    cursors: readonly ReadCursor[],
    count: number,
  ): Promise<Map<number, TopicRecord[]>> {
    const wanted = cursors.map((cursor) => this.#wantedOf(topic, cursor));
    let open = wanted.filter(({ found }) => found.length < count);
    for (let request = 0; open.length > 0 && request < MOST_REQUESTS; request += 1) {
      await this.#fetch(topic, open, PARTITION_BYTES);
      open = open.filter(({ found, offset, end }) => found.length < count && offset < end);
    }
    for (const { partition, found } of wanted) {
      const key = `${topic}/${partition}`;
      if (found.length > count) this.#ahead.set(key, found.splice(count));
      else this.#ahead.delete(key);
    }
    return new Map(
      wanted.filter(({ found }) => found.length > 0).map(({ partition, found }) => [partition, found]),
    );
  }

  /** The first record after each cursor, in the order asked. */
  async first(topic: string, cursors: readonly ReadCursor[]): Promise<(TopicRecord | null)[]> {
    const ends = await this.ends(
      topic,
      cursors.map(({ partition }) => partition),
    );
    return Promise.all(
      cursors.map(async (cursor, index) => {
        const wanted = wantedOf(cursor);
        if (wanted.offset >= (ends[index] ?? 0)) return null;
        // Twice when the log now starts later than the cursor says.
        for (let request = 0; request < 2 && wanted.found.length === 0; request += 1) {
          await this.#fetch(topic, [wanted], 1);
        }
        return wanted.found[0] ?? null;
      }),
    );
  }

  /** The offset that the next record of each partition will get, in the order asked. */
  ends(topic: string, partitions: readonly number[]): Promise<number[]> {
    return this.#offsets(topic, partitions, kafkaLibrary().ListOffsetTimestamps.LATEST);
  }

  /** The offset of the first record that is still there, of each partition in the order asked. */
  starts(topic: string, partitions: readonly number[]): Promise<number[]> {
    return this.#offsets(topic, partitions, kafkaLibrary().ListOffsetTimestamps.EARLIEST);
  }

  async #offsets(topic: string, partitions: readonly number[], timestamp: bigint): Promise<number[]> {
    if (partitions.length === 0) return [];
    const asked = partitions.map((partitionIndex) => ({ partitionIndex, timestamp }));
    const [answer] = await this.#admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    const known = new Map(answer?.partitions.map((one) => [one.partitionIndex, Number(one.offset)]));
    return partitions.map((partition) => known.get(partition) ?? 0);
  }

  #wantedOf(topic: string, cursor: ReadCursor): Wanted {
    const wanted = wantedOf(cursor);
    const ahead = this.#ahead.get(`${topic}/${cursor.partition}`);
    if (ahead?.[0] && offsetOf(ahead[0].id) === wanted.offset) {
      wanted.found = ahead;
      const last = ahead.at(-1)?.id ?? STREAM_START;
      wanted.offset = offsetOf(last) + 1;
      wanted.time = entryTime(last);
    }
    return wanted;
  }

  async #fetch(topic: string, wanted: readonly Wanted[], partitionBytes: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#fetchFromLeaders(topic, wanted, partitionBytes);
        return;
      } catch (error) {
        this.#refresh = true;
        if (attempt === LEADER_TRIES || !isOf(error, NOT_LEADER)) throw error;
        await pause(LEADER_PAUSE_MS);
      }
    }
  }

  async #fetchFromLeaders(topic: string, wanted: readonly Wanted[], partitionBytes: number): Promise<void> {
    const metadata = await this.#admin.metadata({ topics: [topic], forceUpdate: this.#refresh });
    this.#refresh = false;
    const places = metadata.topics.get(topic)?.partitions ?? [];
    const byLeader = Map.groupBy(wanted, ({ partition }) => places[partition]?.leader ?? -1);
    await Promise.all(
      [...byLeader].map(async ([leader, own]) => {
        const broker = metadata.brokers.get(leader);
        if (!broker) throw new Error(`No broker leads some partitions of ${topic} at the moment.`);
        const connection = await this.#admin.connections.get(broker);
        const partitions = own.map(({ partition, offset }) => ({
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: BigInt(offset),
          lastFetchedEpoch: -1,
          partitionMaxBytes: partitionBytes,
        }));
        const [session, epoch] = NO_SESSION;
        const topics = [{ topicId: topic, partitions }];
        const { fetchV12 } = kafkaLibrary();
        const response = await fetchV12.api
          .async(connection, 0, 0, RESPONSE_BYTES, READ_UNCOMMITTED, session, epoch, topics, [], '')
          .catch((error: unknown) => this.#outOfRange(topic, own, error));
        if (response) take(response, own);
      }),
    );
  }

  /** A reader at the very beginning starts where the log now starts; one that missed something must say so. */
  async #outOfRange(topic: string, wanted: readonly Wanted[], error: unknown): Promise<null> {
    if (!isOf(error, OFFSET_OUT_OF_RANGE)) throw error;
    const partitions = wanted.map(({ partition }) => partition);
    const [starts, ends] = await Promise.all([this.starts(topic, partitions), this.ends(topic, partitions)]);
    for (const [index, one] of wanted.entries()) {
      const { partition, offset, time } = one;
      const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
      one.end = end;
      if (offset > end)
        throw new Error(`${topic}/${partition} ends at ${end}, and was read up to ${offset} before.`);
      if (offset >= start) continue;
      if (time > 0)
        throw new Error(`${topic}/${partition} starts at ${start}: what was at ${offset} is lost unread.`);
      one.offset = start;
    }
    return null;
  }
}

/** The offset of the record that an entry id names. */
export const offsetOf = (id: string): number => Number(id.slice(id.indexOf('-') + 1));

function wantedOf({ partition, after }: ReadCursor): Wanted {
  const isStart = after === '0' || compareEntryIds(after, STREAM_START) === 0;
  const place = isStart ? { offset: 0, time: 0 } : { offset: offsetOf(after) + 1, time: entryTime(after) };
  return { partition, ...place, found: [], end: Number.POSITIVE_INFINITY };
}

function take({ responses }: FetchResponse, wanted: readonly Wanted[]): void {
  const answers = new Map(responses[0]?.partitions.map((one) => [one.partitionIndex, one]));
  for (const one of wanted) {
    const answer = answers.get(one.partition);
    if (!answer) continue;
    one.end = Number(answer.highWatermark);
    for (const batch of answer.records ?? []) takeBatch(batch, one);
  }
}

type FetchResponse = Awaited<ReturnType<typeof fetchV12.api.async>>;

/** A batch comes whole, from before the place that was asked for. All of it was appended at one log time. */
function takeBatch(batch: RecordsBatch, wanted: Wanted): void {
  wanted.time = Math.max(wanted.time, Number(batch.maxTimestamp));
  const first = Number(batch.firstOffset);
  for (const record of batch.records) {
    const offset = first + record.offsetDelta;
    if (offset < wanted.offset) continue;
    wanted.offset = offset + 1;
    wanted.found.push({
      id: `${wanted.time}-${offset}`,
      key: record.key === null ? null : record.key.toString(),
      value: record.value ?? Buffer.alloc(0),
    });
  }
}

/** Whether a broker answered so, to any of what was asked together. */
function isOf(error: unknown, code: number): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { apiCode, errors } = error as { apiCode?: unknown; errors?: unknown };
  return apiCode === code || (Array.isArray(errors) && errors.some((one) => isOf(one, code)));
}
