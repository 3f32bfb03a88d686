import { type ConnectionOptions, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { Logger } from '@/server/platform/logger';
import { QUEUE_PREFIX } from '@/server/platform/queue';
import {
  type Group,
  liveWorkers,
  loadsOf,
  type PartitionLoad,
  parsePartitionName,
  removeHeartbeat,
  type WorkerLoad,
  writeHeartbeat,
} from '@/server/scaling';
import { HeldLeases, type PartitionHost } from './held-leases';
import { LeaseBalance } from './lease-balance';
import { leaseOf } from './lease-name';
import { type LeaseJob, LeaseQueue, leaseQueueName } from './lease-queue';
import { LoadMeter } from './load-meter';
import { OtherWorkers } from './other-workers';

/** With the check below: a worker that is gone is followed after 2.3 s at most. */
const LOCK_MS = 2_100;
/** Often, so that a process which waits for a processor does not lose what it holds. */
const RENEW_MS = 500;
/** A check is left out when the last one, anybody's, is not quite so long ago: twice as much then lies between two. */
const STALLED_EVERY_MS = 100;
const HEARTBEAT_MS = 300;
const SWEEP_MS = 1_000;
/** Waiting jobs and a free hand for this long: the fetch never settled, and the consumer is made anew. */
const FETCH_STUCK_MS = 5_000;
/** A ring for a lease nobody here holds adds its job at most this often. */
const ENSURE_EVERY_MS = 500;
/** A lease under which nothing is worked on goes back after this long. */
const EMPTY_MS = 2_000;

/** Who carries out leases: the loop of a group. */
export interface LeaseHost extends PartitionHost {
  names(): string[];
  holds(name: string): boolean;
  /** Customer events processed so far in each partition held; null while that is not known. */
  progress(): ReadonlyMap<string, number | null>;
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

/**
 * Leases of a processor group as BullMQ jobs (ADR 4): the lock of a job is the lease of its partitions, a stalled lock
 * the failover, and an epoch in each partition's own slot the fence.
 */
export class LeaseManager {
  readonly #options: LeaseManagerOptions;
  readonly #queue: LeaseQueue;
  #consumer: Worker<LeaseJob>;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #leases: HeldLeases;
  readonly #ensuredAt = new Map<string, number>();
  /** leases that were given up to go back into the queue, with what was worked on under them */
  readonly #again = new Map<string, readonly string[]>();
  readonly #meter = new LoadMeter();
  readonly #balance: LeaseBalance;
  readonly #others = new OtherWorkers();
  #waitingSince: number | null = null;
  #hands = 1;
  #beatAt = 0;
  #beatSoon: () => void = () => undefined;
  #sweepSoon: () => void = () => undefined;
  #stopping = false;

  constructor(options: LeaseManagerOptions) {
    this.#options = options;
    this.#leases = new HeldLeases(options);
    this.#balance = new LeaseBalance(options.worker);
    this.#queue = new LeaseQueue(options.group, options.connection('produce'), options.queueRedis);
    this.#consumer = this.#makeConsumer();
  }

  async start(): Promise<void> {
    // A log that is away comes back: leases are looked after meanwhile, and the next sweep finds what waits.
    await this.#sweep().catch((error) =>
      this.#options.logger.warn({ err: error }, 'the log does not answer yet'),
    );
    await this.#beat();
    this.#beatSoon = this.#every(HEARTBEAT_MS, () => this.#beat());
    this.#sweepSoon = this.#every(SWEEP_MS, () => this.#sweep());
    void this.#consume(this.#consumer);
  }

  /** Something came for a partition: if nobody holds it, it is taken, or its lease gets a job. */
  rung(partition: string): void {
    // Dead letters ring too, and nobody leases them.
    if (this.#stopping || parsePartitionName(partition) === null || this.#options.host.holds(partition))
      return;
    const name = leaseOf(partition);
    if (this.#leases.want(name, partition) || this.#others.has(name)) return;
    const now = this.#options.now();
    if (now - (this.#ensuredAt.get(name) ?? 0) < ENSURE_EVERY_MS) return;
    this.#ensuredAt.set(name, now);
    this.#queue.add([{ name, partitions: [] }]).catch(() => undefined);
  }

  /** Since when the heartbeat has been written, ms; for readiness. */
  get beatAt(): number {
    return this.#beatAt;
  }

  /** Gives every lease back and lets others have them at once. */
  async stop(stopHost: () => Promise<void>): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    const left = this.#leases.names.map((name) => ({ name, partitions: this.#leases.partitionsOf(name) }));
    this.#leases.leave();
    this.#consumer.concurrency = 1;
    await this.#consumer.pause(true);
    await stopHost();
    await this.#consumer.close();
    await removeHeartbeat(this.#options.queueRedis, this.#options.group, this.#options.worker).catch(
      () => undefined,
    );
    await this.#queue.add(left).catch(() => undefined);
    await this.#queue.close();
  }

  /** @returns runs it once more: now, or after the run that is under way */
  #every(ms: number, run: () => Promise<void>): () => void {
    let running = false;
    let isAsked = false;
    const once = () => {
      if (running || this.#stopping) return;
      running = true;
      isAsked = false;
      run()
        .catch((error) =>
          this.#options.logger.warn({ err: error }, 'lease upkeep failed and will be tried again'),
        )
        .finally(() => {
          running = false;
          if (isAsked) once();
        });
    };
    this.#timers.push(setInterval(once, ms));
    return () => {
      isAsked = true;
      once();
    };
  }

  #makeConsumer(): Worker<LeaseJob> {
    const { group, connection } = this.#options;
    const consumer = new Worker<LeaseJob>(
      leaseQueueName(group),
      (job, token = '') => this.#hold(job, token),
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
      const partitions = name === undefined ? undefined : this.#again.get(name);
      if (name === undefined || !partitions) return;
      this.#again.delete(name);
      this.#queue.add([{ name, partitions }]).catch(() => undefined);
    };
    consumer.on('completed', (job) => release(job.data.name));
    consumer.on('failed', (job) => release(job?.data.name));
    consumer.on('lockRenewalFailed', (names) => {
      for (const name of names) this.#leases.drop(name);
    });
    return consumer;
  }

  async #hold(job: Job<LeaseJob>, token: string): Promise<void> {
    if (this.#stopping) return;
    const isMine = async () => (await job.extendLock(token, LOCK_MS)) === 1;
    // A job of another release says no partitions.
    const { name, partitions = [] } = job.data;
    const ended = this.#leases.begin(name, isMine);
    for (const partition of [...partitions, ...this.#others.workedOn(name)])
      this.#leases.want(name, partition);
    this.#sweepSoon();
    await ended;
  }

  async #consume(consumer: Worker<LeaseJob>): Promise<void> {
    try {
      await consumer.run();
    } catch (error) {
      if (!this.#stopping) this.#options.logger.warn({ err: error }, 'the lease consumer stopped');
    }
  }

  async #beat(): Promise<void> {
    const { queueRedis, group, worker, now, host } = this.#options;
    const at = now();
    const mine = this.#meter.measure(host.progress(), at);
    const partitions = mine.map(({ name }) => name);
    const loads = mine.map(({ load }) => load);
    const leases = this.#leases.names;
    await writeHeartbeat(queueRedis, { group, worker, at, partitions, loads, leases });
    this.#beatAt = at;
    const beats = await liveWorkers(queueRedis, group, at);
    const others = beats.filter((beat) => beat.worker !== worker);
    this.#meter.hear(others.flatMap(loadsOf));
    this.#others.hear(others, at);
    for (const name of this.#leases.emptySince(at - EMPTY_MS)) this.#leases.drop(name);
    const waiting = await this.#queue.waiting();
    const workers = [
      leaseLoads(worker, leases, mine),
      ...others.map((beat) => leaseLoads(beat.worker, beat.leases, loadsOf(beat))),
    ];
    const { hands, give } = this.#balance.decide(workers, waiting, at);
    await this.#setHands(hands);
    // What is given up goes back into the queue once its job has ended.
    for (const name of give) {
      const partitions = this.#leases.partitionsOf(name);
      if (this.#leases.drop(name)) this.#again.set(name, partitions);
    }
    await this.#watch(waiting, leases.length, at);
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

  /** Partitions with work that nobody works on are taken under a lease that is held here; other leases get a job. */
  async #sweep(): Promise<void> {
    const { host } = this.#options;
    // What another says of a lease that came here is of before.
    const theirs = this.#others.partitions.filter((name) => !this.#leases.has(leaseOf(name)));
    const jobs = new Set<string>();
    for (const partition of await host.unattended(new Set([...theirs, ...host.names()]))) {
      const name = leaseOf(partition);
      if (!this.#leases.want(name, partition) && !this.#others.has(name)) jobs.add(name);
    }
    await this.#queue.addMissing([...jobs]);
  }
}

/** Leases of a worker with the load of what is worked on under each. */
function leaseLoads(
  worker: string,
  leases: readonly string[],
  partitions: readonly PartitionLoad[],
): WorkerLoad {
  const loads = new Map(leases.map((name) => [name, 0]));
  for (const { name, load } of partitions) {
    const lease = leaseOf(name);
    loads.set(lease, (loads.get(lease) ?? 0) + load);
  }
  return { worker, partitions: [...loads].map(([name, load]) => ({ name, load })) };
}
