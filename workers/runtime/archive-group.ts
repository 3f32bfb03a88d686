import { setTimeout as pause } from 'node:timers/promises';
import { offsetKey } from '@/server/event-log';
import { type ArchiveBatch, OffsetConflict, type StreamPlace } from '@/server/history';
import { nextEntryId, partitionKeys, partitionName } from '@/server/scaling';
import type { ArchiveGroupOptions } from './archive-options';
import { type ArchivePosition, ArchiveReader } from './archive-reader';
import { DeadLetterArchive } from './dead-letter-archive';
import type { LeaseHost } from './lease-manager';
import { lostLogs, setBackPartitions } from './lost-logs';
import { ReturnWatch } from './return-watch';
import { tellStandings } from './tell-standings';
import { activeShards, unattendedPartitions } from './unattended';
import { type LaneMeter, VitalsMeter } from './vitals-meter';

/** A batch is written when it has this many rows, or when this much time has passed. */
const ROUND_MS = 250;
const FULL_ROWS = 2_500;
const FAILURE_PAUSE_MS = 500;
const TRIM_EVERY_MS = 1_000;
/** How often streams are asked whether they are still the ones that were followed; thousands are in turns. */
const VERIFY_EVERY_MS = 2_000;
const MOST_VERIFIED = 1_024;
const UNUSED_MS = 60_000;

interface HeldArchive extends ArchivePosition {
  name: string;
  leaving: boolean;
  /** ms: when rows came last */
  usedAt: number;
  trimmedAt: number;
  end: () => void;
}

/** Copies what was processed to Postgres, partition by partition, exactly once. */
export class ArchiveGroup implements LeaseHost {
  readonly #options: ArchiveGroupOptions;
  readonly #reader: ArchiveReader;
  readonly meter: VitalsMeter;
  readonly #waits: LaneMeter;
  readonly #held = new Map<string, HeldArchive>();
  readonly #deadLetters: DeadLetterArchive;
  readonly #returns: ReturnWatch;
  #verifiedAt = 0;
  #verifyTurn = 0;
  #stopping = false;
  #running: Promise<void> | undefined;

  constructor(options: ArchiveGroupOptions) {
    this.#options = options;
    this.meter = new VitalsMeter(options.now, 'Postgres');
    this.#waits = this.meter.lane();
    this.#returns = new ReturnWatch(options.redis);
    this.#reader = new ArchiveReader(options.log, options.redis, options.workspaceOf);
    this.#deadLetters = new DeadLetterArchive(options, this.#reader, (batch) => this.#write(batch));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  hold(shardId: number, partition: number, epoch: string): Promise<void> {
    const name = partitionName(shardId, partition);
    this.#held.get(name)?.end();
    return new Promise((resolve) => {
      const now = this.#options.now();
      this.#held.set(name, {
        name,
        shardId,
        partition,
        epoch,
        leaving: this.#stopping,
        offsets: null,
        consentVersion: null,
        optedOut: new Set(),
        restless: true,
        usedAt: now,
        trimmedAt: 0,
        end: resolve,
      });
    });
  }

  /** Something came for a partition. */
  ring(name: string): void {
    const held = this.#held.get(name);
    if (held) held.restless = true;
  }

  names(): string[] {
    return [...this.#held.keys()];
  }

  holds(name: string): boolean {
    return this.#held.has(name);
  }

  progress(): Map<string, number | null> {
    return new Map([...this.#held.values()].map(({ name, offsets }) => [name, offsets?.events ?? null]));
  }

  yieldPartitions(names: readonly string[]): void {
    for (const name of names) {
      const held = this.#held.get(name);
      if (held) held.leaving = true;
    }
  }

  async unattended(owned: ReadonlySet<string>): Promise<string[]> {
    const { log, redis, shardIds } = this.#options;
    return unattendedPartitions(log, redis, await activeShards(log, shardIds()), owned, 'archive');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const held of this.#held.values()) held.leaving = true;
    await this.#running;
    this.#returns.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopping || this.#held.size > 0) {
      const began = this.#options.now();
      try {
        this.#leave();
        const rows = await this.#round();
        if (rows < FULL_ROWS && !this.#stopping) {
          await pause(Math.max(0, ROUND_MS - (this.#options.now() - began)));
        }
      } catch (error) {
        this.#options.metrics.failures.inc();
        this.#waits.failed();
        this.#forget();
        const conflict = error instanceof OffsetConflict;
        this.#options.logger.warn(
          { err: error, conflict },
          'an archive batch was given up and will be written again',
        );
        this.#leave();
        if (!this.#stopping) await pause(FAILURE_PAUSE_MS);
      }
    }
  }

  /** Postgres is asked again where everything stands. */
  #forget(): void {
    for (const held of this.#held.values()) held.offsets = null;
  }

  #leave(): void {
    const now = this.#options.now();
    for (const held of this.#held.values()) {
      if (!held.leaving && now - held.usedAt < UNUSED_MS) continue;
      this.#held.delete(held.name);
      held.end();
    }
  }

  /** @returns rows written */
  async #round(): Promise<number> {
    if (this.#returns.take()) this.#forget();
    const held = [...this.#held.values()];
    const located = await this.#locate(held.filter((one) => one.offsets === null));
    if (located.length > 0) await this.#tellSetBack(located);
    if (this.#options.now() - this.#verifiedAt >= VERIFY_EVERY_MS)
      await this.#verifyAll([...new Set([...located, ...this.#nextVerified(held)])]);
    else await this.#verify(located);
    // Not before it is known that the streams are the ones that were followed: what is archived is dropped.
    if (located.length > 0)
      await tellStandings(this.#options.log, this.#options.redis, located, this.#options.now());
    const batch = await this.#reader.read(held);
    if (batch.moves.length > 0) await this.#write(batch);
    await this.#moved(batch);
    return batch.size + (await this.#deadLetters.archive());
  }

  async #write(batch: ArchiveBatch): Promise<void> {
    const { store, metrics, now } = this.#options;
    const began = now();
    const refused = await this.#waits.wait(store.write(batch));
    metrics.rows.inc(batch.size);
    metrics.refused.inc(refused);
    metrics.batchSeconds.observe((now() - began) / 1000);
  }

  /** Postgres knows where a stream stands; Redis is told, for lag and trimming. */
  async #locate(held: readonly HeldArchive[]): Promise<readonly HeldArchive[]> {
    if (held.length === 0) return held;
    const places = held.flatMap(({ shardId, partition }) => [
      { shardId, partition, stream: 'log' as const },
      { shardId, partition, stream: 'out' as const },
    ]);
    const offsets = await this.#waits.wait(this.#options.store.offsets(places));
    held.forEach((one, index) => {
      one.offsets = { log: offsets[index * 2] ?? '0-0', out: offsets[index * 2 + 1] ?? '0-0', events: null };
    });
    return held;
  }

  async #tellSetBack(located: readonly HeldArchive[]): Promise<void> {
    const { redis, metrics, logger } = this.#options;
    const setBack = await setBackPartitions(redis, located);
    if (setBack.length === 0) return;
    metrics.setBacks.inc(setBack.length);
    logger.error(
      { partitions: setBack.map(({ name }) => name) },
      'history is ahead of the log: the disk of Redis lost what it had promised to hold; what was lost counts again when it is sent again',
    );
  }

  #nextVerified(held: readonly HeldArchive[]): readonly HeldArchive[] {
    if (held.length <= MOST_VERIFIED) return held;
    const from = this.#verifyTurn % held.length;
    this.#verifyTurn = from + MOST_VERIFIED;
    return held.slice(from, from + MOST_VERIFIED);
  }

  async #verifyAll(held: readonly HeldArchive[]): Promise<void> {
    await this.#verify(held);
    await this.#deadLetters.verify((place, after) => this.#restart(place, after));
    this.#verifiedAt = this.#options.now();
  }

  /** Redis may have been lost or set back while Postgres was kept: then what it holds now is read from its start. */
  async #verify(held: readonly HeldArchive[]): Promise<void> {
    const { log, redis } = this.#options;
    const lost = await lostLogs(log, redis, held);
    // The next round then looks first whether history is ahead, which nothing shows once a stream is read from its start.
    if (this.#returns.wasAway) return;
    for (const { one, stream, after } of lost) {
      const { shardId, partition } = one;
      await this.#restart({ shardId, partition, stream }, after);
      if (stream === 'log') await redis.del(offsetKey(shardId, partition, 'archive'));
      one.offsets = null;
    }
    await this.#locate(held.filter((one) => one.offsets === null));
  }

  async #restart(place: StreamPlace, after: string): Promise<void> {
    const { store, metrics, logger } = this.#options;
    await store.restart(place, after);
    metrics.restarts.inc();
    logger.warn(
      { ...place, after },
      'a stream ends before what was archived of it: the log was lost or set back, and is read from its start',
    );
  }

  async #moved(batch: ArchiveBatch): Promise<void> {
    const { redis, log, now } = this.#options;
    const at = now();
    const pipeline = redis.pipeline();
    const trims: HeldArchive[] = [];
    for (const move of batch.moves) {
      const held = this.#held.get(partitionName(move.shardId, move.partition));
      if (!held?.offsets) continue;
      held.usedAt = at;
      if (move.stream !== 'dl') held.offsets[move.stream] = move.after;
      if (move.stream === 'log') {
        pipeline.hset(offsetKey(move.shardId, move.partition, 'archive'), {
          id: move.after,
          n: held.offsets.events ?? 0,
          at,
        });
      } else {
        pipeline.xtrim(partitionKeys(move.shardId, move.partition).out, 'MINID', nextEntryId(move.after));
      }
      if (at - held.trimmedAt > TRIM_EVERY_MS) trims.push(held);
    }
    if (pipeline.length > 0) await pipeline.exec();
    for (const held of trims) {
      if (held.trimmedAt === at) continue;
      held.trimmedAt = at;
      await log.trim(held.shardId, held.partition, ['main', 'archive']);
    }
  }
}
