import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { Logger } from '@/server/platform/logger';
import { QUEUE_PREFIX } from '@/server/platform/queue';
import {
  epochKey,
  type Group,
  liveWorkers,
  parsePartitionName,
  removeHeartbeat,
  writeHeartbeat,
} from '@/server/scaling';

const LOCK_MS = 3_000;
/** Often, so that a process which waits for a processor does not lose what it holds. */
const RENEW_MS = 800;
const STALLED_EVERY_MS = 1_000;
const HEARTBEAT_MS = 300;
const SWEEP_MS = 1_000;
/** Waiting jobs and a free hand for this long: the fetch never settled, and the consumer is made anew. */
const FETCH_STUCK_MS = 5_000;
/** A ring for a partition nobody here holds adds its job at most this often. */
const ENSURE_EVERY_MS = 500;

/** Who carries out leases: the loop of a group. */
export interface LeaseHost {
  /** Works on the partition; resolves when it has been given up. */
  hold(shardId: number, partition: number, epoch: string): Promise<void>;
  names(): string[];
  holds(name: string): boolean;
  /** Gives up this many partitions, the idle ones first. @returns their names */
  yieldPartitions(count: number): string[];
  /** Partitions that have work or timers and are none of `owned`. */
  unattended(owned: ReadonlySet<string>): Promise<string[]>;
}

export interface LeaseManagerOptions {
  group: Group;
  worker: string;
  /** A connection of BullMQ's own for each use. */
  connection(use: 'consume' | 'produce'): ConnectionOptions;
  logRedis: Redis;
  queueRedis: Redis;
  now: Clock;
  host: LeaseHost;
  logger: Logger;
}

interface LeaseJob {
  name: string;
}

/**
 * Leases of a processor group as BullMQ jobs (ADR 4): a job is a partition, its lock the lease, a stalled lock the
 * failover, and an epoch in the partition's own slot the fence.
 */
export class LeaseManager {
  readonly #options: LeaseManagerOptions;
  readonly #queue: Queue<LeaseJob>;
  #consumer: Worker<LeaseJob>;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ensuredAt = new Map<string, number>();
  readonly #again = new Set<string>();
  #othersOwn = new Set<string>();
  #waitingSince: number | null = null;
  #share = 1;
  #beatAt = 0;
  #stopping = false;

  constructor(options: LeaseManagerOptions) {
    this.#options = options;
    this.#queue = new Queue(`stream-${options.group}`, {
      connection: options.connection('produce'),
      prefix: QUEUE_PREFIX,
    });
    this.#queue.on('error', () => undefined);
    this.#consumer = this.#makeConsumer();
  }

  async start(): Promise<void> {
    await this.#sweep();
    await this.#beat();
    this.#every(HEARTBEAT_MS, () => this.#beat());
    this.#every(SWEEP_MS, () => this.#sweep());
    void this.#consume(this.#consumer);
  }

  /** Something came for a partition: if nobody holds it, it gets a job. */
  rung(name: string): void {
    if (this.#stopping || this.#options.host.holds(name) || this.#othersOwn.has(name)) return;
    const now = this.#options.now();
    if (now - (this.#ensuredAt.get(name) ?? 0) < ENSURE_EVERY_MS) return;
    this.#ensuredAt.set(name, now);
    this.#ensure([name]).catch(() => undefined);
  }

  /** Since when the heartbeat has been written, ms; for readiness. */
  get beatAt(): number {
    return this.#beatAt;
  }

  /** Gives every lease back and lets others have them at once. */
  async stop(stopHost: () => Promise<void>): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    const names = this.#options.host.names();
    this.#consumer.concurrency = 1;
    await this.#consumer.pause(true);
    await stopHost();
    await this.#consumer.close();
    await removeHeartbeat(this.#options.queueRedis, this.#options.group, this.#options.worker).catch(
      () => undefined,
    );
    await this.#ensure(names).catch(() => undefined);
    await this.#queue.close();
  }

  #every(ms: number, run: () => Promise<void>): void {
    let running = false;
    const timer = setInterval(() => {
      if (running || this.#stopping) return;
      running = true;
      run()
        .catch((error) =>
          this.#options.logger.warn({ err: error }, 'lease upkeep failed and will be tried again'),
        )
        .finally(() => {
          running = false;
        });
    }, ms);
    this.#timers.push(timer);
  }

  #makeConsumer(): Worker<LeaseJob> {
    const { group, logRedis, host, connection } = this.#options;
    const consumer = new Worker<LeaseJob>(
      `stream-${group}`,
      async (job) => {
        const place = parsePartitionName(job.data.name);
        if (!place || this.#stopping) return;
        const epoch = await logRedis.incr(epochKey(place.shardId, place.partition, group));
        await host.hold(place.shardId, place.partition, String(epoch));
      },
      {
        connection: connection('consume'),
        prefix: QUEUE_PREFIX,
        autorun: false,
        concurrency: this.#share,
        lockDuration: LOCK_MS,
        lockRenewTime: RENEW_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: 1_000_000,
        drainDelay: 1,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    );
    consumer.on('error', () => undefined);
    const release = (name: string | undefined) => {
      if (name === undefined || !this.#again.delete(name)) return;
      this.#ensure([name]).catch(() => undefined);
    };
    consumer.on('completed', (job) => release(job.data.name));
    consumer.on('failed', (job) => release(job?.data.name));
    return consumer;
  }

  async #consume(consumer: Worker<LeaseJob>): Promise<void> {
    try {
      await consumer.run();
    } catch (error) {
      if (!this.#stopping) this.#options.logger.warn({ err: error }, 'the lease consumer stopped');
    }
  }

  async #ensure(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#queue.addBulk(
      names.map((name) => ({
        name: 'partition.process',
        data: { name },
        opts: { jobId: name, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  async #beat(): Promise<void> {
    const { queueRedis, group, worker, now, host } = this.#options;
    const partitions = host.names();
    const at = now();
    await writeHeartbeat(queueRedis, { group, worker, at, partitions });
    this.#beatAt = at;
    const beats = await liveWorkers(queueRedis, group, at);
    this.#othersOwn = new Set(
      beats.filter((beat) => beat.worker !== worker).flatMap((beat) => beat.partitions),
    );
    const waiting = await this.#queue.getWaitingCount();
    const active = this.#othersOwn.size + partitions.length + waiting;
    await this.#setShare(Math.max(1, Math.ceil(active / Math.max(1, beats.length))));
    if (beats.length > 1 && partitions.length > this.#share) this.#yield(partitions.length - this.#share);
    await this.#watch(waiting, partitions.length, at);
  }

  /** A consumer whose hands are full does not see that it has more of them now: it is woken. */
  async #setShare(share: number): Promise<void> {
    const more = share > this.#share;
    this.#share = share;
    this.#consumer.concurrency = share;
    if (!more || !this.#consumer.isRunning()) return;
    await this.#consumer.pause(true);
    if (!this.#stopping) await this.#consumer.resume();
  }

  /** What is given up goes back into the queue once its job has ended. */
  #yield(count: number): void {
    for (const name of this.#options.host.yieldPartitions(count)) this.#again.add(name);
  }

  /** A blocking fetch may never settle after a reconnect: a consumer that takes nothing is replaced. */
  async #watch(waiting: number, held: number, now: number): Promise<void> {
    if (waiting === 0 || held >= this.#share) {
      this.#waitingSince = null;
      return;
    }
    this.#waitingSince ??= now;
    if (now - this.#waitingSince < FETCH_STUCK_MS) return;
    this.#waitingSince = null;
    this.#options.logger.warn('leases wait and none is taken: the consumer is made anew');
    const stuck = this.#consumer;
    this.#consumer = this.#makeConsumer();
    void this.#consume(this.#consumer);
    void stuck.close(true).catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    const { host } = this.#options;
    const owned = new Set([...this.#othersOwn, ...host.names()]);
    await this.#ensure(await host.unattended(owned));
  }
}
