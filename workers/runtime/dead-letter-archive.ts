import { valuesOf } from '@/server/core/redis-replies';
import { deadLetterLogKey, endedStreams } from '@/server/event-log';
import { type ArchiveBatch, DEAD_LETTER_PARTITION, type StreamPlace } from '@/server/history';
import { nextEntryId, STREAM_START } from '@/server/scaling';
import type { ArchiveGroupOptions } from './archive-options';
import type { ArchiveReader } from './archive-reader';

type DeadLetterOptions = Pick<ArchiveGroupOptions, 'redis' | 'store' | 'shardIds'>;

/** Archives dead letters. They belong to no partition: any archiver takes them, and Postgres tells who came first. */
export class DeadLetterArchive {
  readonly #options: DeadLetterOptions;
  readonly #reader: ArchiveReader;
  readonly #write: (batch: ArchiveBatch) => Promise<void>;
  /** shard → archived so far; absent: Postgres is asked */
  readonly #archived = new Map<number, string>();

  constructor(
    options: DeadLetterOptions,
    reader: ArchiveReader,
    write: (batch: ArchiveBatch) => Promise<void>,
  ) {
    this.#options = options;
    this.#reader = reader;
    this.#write = write;
  }

  /** A batch of each shard that has some. @returns rows written */
  async archive(): Promise<number> {
    let rows = 0;
    for (const shardId of await this.#waiting()) rows += await this.#archiveOf(shardId);
    return rows;
  }

  /** Streams that were lost or set back are begun again, as `restart` notes it. */
  async verify(restart: (place: StreamPlace, after: string) => Promise<void>): Promise<void> {
    const shards = [...this.#archived];
    const places = shards.map(([shardId, after]) => ({ key: deadLetterLogKey(shardId), after }));
    const lost = await endedStreams(this.#options.redis, places);
    for (const [index, [shardId, after]] of shards.entries()) {
      if (!lost[index]) continue;
      await restart(placeOf(shardId), after);
      this.#archived.delete(shardId);
    }
  }

  /** Shards with dead letters that are not archived, or of which that is not known: all are looked at in one round trip. */
  async #waiting(): Promise<number[]> {
    const shardIds = this.#options.shardIds();
    const looks = this.#options.redis.pipeline();
    for (const shardId of shardIds) looks.xlen(deadLetterLogKey(shardId));
    const lengths = valuesOf(await looks.exec());
    return shardIds.filter((_, index) => Number(lengths[index]) > 0);
  }

  async #archiveOf(shardId: number): Promise<number> {
    const { store, redis } = this.#options;
    let after = this.#archived.get(shardId);
    if (after === undefined) {
      [after = STREAM_START] = await store.offsets([placeOf(shardId)]);
      this.#archived.set(shardId, after);
    }
    const batch = await this.#reader.readDeadLetters(shardId, after);
    const end = batch?.moves[0]?.after;
    if (!batch || end === undefined) return 0;
    this.#archived.delete(shardId);
    await this.#write(batch);
    this.#archived.set(shardId, end);
    await redis.xtrim(deadLetterLogKey(shardId), 'MINID', nextEntryId(end));
    return batch.size;
  }
}

function placeOf(shardId: number): StreamPlace {
  return { shardId, partition: DEAD_LETTER_PARTITION, stream: 'dl' };
}
