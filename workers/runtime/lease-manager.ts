import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import { valuesOf } from '@/server/event-log';
import type { Logger } from '@/server/platform/logger';
import { QUEUE_PREFIX } from '@/server/platform/queue';
import {
  epochKey,
  type Group,
  liveWorkers,
  parsePartitionName,
  removeHeartbeat,
  workerLoadOf,
  writeHeartbeat,
} from '@/server/scaling';
import { LeaseBalance } from './lease-balance';
import { LoadMeter } from './load-meter';

/** With the check below: a worker that is gone is followed after 2.5 s at most. */
const LOCK_MS = 2_000;
/** Often, so that a process which waits for a processor does not lose what it holds. */
const RENEW_MS = 500;
/** A check is left out when the last one, anybody's, is not quite so long ago: half a second then lies between two. */
const STALLED_EVERY_MS = 250;
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
  /** Customer events processed so far in each partition held; null while that is not known. */
  progress(): ReadonlyMap<string, number | null>;
  /** Gives up partitions at the next safe point. @returns names of those it had and was keeping */
  yieldPartitions(names: readonly string[]): string[];
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
  readonly #meter = new LoadMeter();
  readonly #balance: LeaseBalance;
  #othersOwn = new Set<string>();
  #waitingSince: number | null = null;
  #hands = 1;
  #beatAt = 0;
  #beatSoon: () => void = () => undefined;
  #stopping = false;

  constructor(options: LeaseManagerOptions) {
    this.#options = options;
    this.#balance = new LeaseBalance(options.worker);
    this.#queue = new Queue(`stream-${options.group}`, {
      connection: options.connection('produce'),
      prefix: QUEUE_PREFIX,
    });
    this.#queue.on('error', () => undefined);
    this.#consumer = this.#makeConsumer();
  }

  async start(): Promise<void> {
    // A log that is away comes back: leases are looked after meanwhile, and the next sweep finds what waits.
    await this.#sweep().catch((error) =>
      this.#options.logger.warn({ err: error }, 'the log does not answer yet'),
    );
    await this.#beat();
    this.#beatSoon = this.#every(HEARTBEAT_MS, () => this.#beat());
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

  /** @returns runs it once more now, unless it is running */
  #every(ms: number, run: () => Promise<void>): () => void {
    let running = false;
    const once = () => {
      if (running || this.#stopping) return;
      running = true;
      run()
        .catch((error) =>
          this.#options.logger.warn({ err: error }, 'lease upkeep failed and will be tried again'),
        )
        .finally(() => {
          running = false;
        });
    };
    this.#timers.push(setInterval(once, ms));
    return once;
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
        concurrency: this.#hands,
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
    // Partitions of a worker that is gone came back: hands for them are not to wait for the next heartbeat.
    consumer.on('stalled', () => this.#beatSoon());
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
    const at = now();
    const mine = this.#meter.measure(host.progress(), at);
    const partitions = mine.map(({ name }) => name);
    await writeHeartbeat(queueRedis, { group, worker, at, partitions, loads: mine.map(({ load }) => load) });
    this.#beatAt = at;
    const beats = await liveWorkers(queueRedis, group, at);
    const others = beats.filter((beat) => beat.worker !== worker).map(workerLoadOf);
    const theirs = others.flatMap((one) => one.partitions);
    this.#meter.hear(theirs);
    this.#othersOwn = new Set(theirs.map(({ name }) => name));
    const waiting = await this.#queue.getWaitingCount();
    const { hands, give } = this.#balance.decide([{ worker, partitions: mine }, ...others], waiting, at);
    await this.#setHands(hands);
    // What is given up goes back into the queue once its job has ended.
    for (const name of host.yieldPartitions(give)) this.#again.add(name);
    await this.#watch(waiting, partitions.length, at);
  }

  /** A consumer whose hands are full does not see that it has more of them now: it is woken. */
  async #setHands(hands: number): Promise<void> {
    const more = hands > this.#hands;
    this.#hands = hands;
    this.#consumer.concurrency = hands;
    if (!more || !this.#consumer.isRunning()) return;
    await this.#consumer.pause(true);
    if (!this.#stopping) await this.#consumer.resume();
  }

  /** A blocking fetch may never settle after a reconnect: a consumer that takes nothing is replaced. */
  async #watch(waiting: number, held: number, now: number): Promise<void> {
    if (waiting === 0 || held >= this.#hands) {
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
    await this.#ensure(await this.#withoutJob(await host.unattended(owned)));
  }

  /** To add a job that is there already is dear for nothing, and many may wait for a hand. */
  async #withoutJob(names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const looks = this.#options.queueRedis.pipeline();
    for (const name of names) looks.exists(this.#queue.toKey(name));
    const found = valuesOf(await looks.exec());
    return names.filter((_, index) => found[index] !== 1);
  }
}
