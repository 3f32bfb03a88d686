import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { EventLog } from '@/server/event-log';
import type { Logger } from '@/server/platform/logger';
import { epochKey, partitionKeys } from '@/server/scaling';
import { commitSpans, traceparentsOf } from './batch-trace';
import { type CommitResult, commitArguments, commitResultOf, commitScript } from './commit';
import { TICK_SCRIPT } from './commit-script';
import { HeldPartition } from './held-partition';
import { publishLive, pushOf, trailingPushOf } from './live-push';
import { type Delivery, deliver, deliverScript, ringDoorbells } from './outbox';
import {
  cutBatch,
  type LogProcessor,
  type PartitionBatch,
  PoisonedError,
  stepBatch,
} from './partition-batch';
import { loadCustomers, loadPartition, type MissingCustomers } from './partition-loader';
import type { PartitionMemory } from './partition-memory';
import { isMissingScript, RedisScript } from './redis-script';
import type { StreamMetrics } from './stream-metrics';

const tickScript = new RedisScript(TICK_SCRIPT);

/** A lost doorbell costs at most this. */
const POLL_MS = 250;
const FAILURE_PAUSE_MS = 250;
/** Entries asked for of one partition in one read: a small count starves a hot partition. */
const READ_COUNT = 200;
/** Nothing more is read while this many entries wait: what is read is held in memory. */
const MOST_PENDING = 100;
/** A partition without work, timers or records for this long is given back. */
const UNUSED_MS = 60_000;
/** A partition of a shard that is not known here goes back after this long. */
const UNKNOWN_MS = 10_000;

/** What the lane must know of a shard; replaced as a whole when settings or rules change. */
export interface ShardPlan {
  shardId: number;
  partitions: number;
  processor: LogProcessor;
}

export interface LaneOptions {
  log: EventLog;
  redis: Redis;
  queueRedis: Redis;
  now: Clock;
  idleMs: number;
  /** memory this lane may use for customers of former batches, over all its partitions */
  cachedBytes: number;
  plan(shardId: number): ShardPlan | undefined;
  /** Partitions of this process that got a record from another. */
  ring(names: Iterable<string>): void;
  metrics: StreamMetrics;
  logger: Logger;
}

/**
 * The loop over some of a process's partitions: one read of all, one pipeline of loads, the pure steps, one pipeline
 * of commits, then deliveries and pushes. Two lanes keep the process busy while the other waits for the disk.
 */
export class StreamLane {
  readonly #options: LaneOptions;
  readonly #held = new Map<string, HeldPartition>();
  #stopping = false;
  #polledAt = 0;
  /** woken since the round began: the next sleep is skipped */
  #woken = false;
  #endSleep: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #scriptsLoaded = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes a partition in; resolves when it has been given up. */
  hold(shardId: number, partition: number, epoch: string): Promise<void> {
    const held = new HeldPartition(shardId, partition, epoch, this.#options.now());
    const before = this.#held.get(held.name);
    // The same process may get a job again whose lock it could not renew in time. Nobody else had it in between when
    // the epochs are neighbours: what is in memory then still stands.
    if (before?.memory && Number(epoch) === Number(before.epoch) + 1) {
      held.memory = before.memory;
      held.memory.epoch = epoch;
    }
    before?.end();
    this.#held.set(held.name, held);
    if (this.#stopping) held.leaving = true;
    this.#wake();
    return held.ended;
  }

  get names(): string[] {
    return [...this.#held.keys()];
  }

  holds(name: string): boolean {
    return this.#held.has(name);
  }

  ring(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    held.rung = true;
    this.#wake();
  }

  /** Gives up this many partitions, drained ones first. @returns their names */
  yieldPartitions(count: number): string[] {
    const free = [...this.#held.values()].filter((held) => !held.leaving);
    free.sort((a, b) => Number(b.memory?.drained ?? true) - Number(a.memory?.drained ?? true));
    const leaving = free.slice(0, count);
    for (const held of leaving) held.leaving = true;
    this.#wake();
    return leaving.map((held) => held.name);
  }

  /** Finishes the round, gives everything up. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const held of this.#held.values()) held.leaving = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping || this.#held.size > 0) {
      try {
        if (!(await this.#round())) await this.#sleep(POLL_MS);
      } catch (error) {
        this.#options.metrics.roundFailures.inc();
        this.#options.logger.warn({ err: error }, 'a round was given up and will be done again');
        this.#scriptsLoaded = false;
        for (const held of this.#held.values()) held.reset();
        this.#leave();
        if (!this.#stopping) await pause(FAILURE_PAUSE_MS);
      }
    }
  }

  #wake(): void {
    this.#woken = true;
    this.#endSleep();
  }

  #sleep(ms: number): Promise<void> {
    if (this.#woken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** @returns whether there may be more to do at once */
  async #round(): Promise<boolean> {
    this.#woken = false;
    this.#leave();
    if (this.#held.size === 0) return false;
    if (!this.#scriptsLoaded) await this.#loadScripts();
    await this.#load();
    await this.#read();
    const batches: PartitionBatch[] = [];
    for (const held of this.#held.values()) {
      const plan = this.#options.plan(held.shardId);
      if (!held.memory || !plan) continue;
      const batch = cutBatch(held.memory, plan.processor);
      if (batch) batches.push(batch);
    }
    if (batches.length === 0) return this.#rest();
    await this.#loadMissing(batches);
    const stepped = this.#step(batches);
    await this.#commit(stepped);
    this.#pushTrailing();
    return true;
  }

  #leave(): void {
    for (const held of this.#held.values()) {
      if (!held.leaving) continue;
      this.#held.delete(held.name);
      held.end();
    }
  }

  async #loadScripts(): Promise<void> {
    const { redis } = this.#options;
    await Promise.all([commitScript.load(redis), deliverScript.load(redis), tickScript.load(redis)]);
    this.#scriptsLoaded = true;
  }

  async #load(): Promise<void> {
    const { redis, plan } = this.#options;
    const loading = [...this.#held.values()].filter((held) => held.memory === null);
    if (loading.length === 0) return;
    await Promise.all(
      loading.map(async (held) => {
        const partitions = plan(held.shardId)?.partitions;
        if (partitions === undefined) return;
        const memory = await loadPartition(redis, { ...held, partitions }, held.epoch);
        if (memory === null) held.leaving = true;
        held.memory = memory;
      }),
    );
    const left: Delivery[] = [];
    for (const { shardId, partition, memory } of loading) {
      if (memory && memory.undelivered.length > 0)
        left.push({ shardId, partition, entries: memory.undelivered });
    }
    if (left.length > 0) this.#announce(await deliver(redis, left));
    for (const { memory } of loading) if (memory) memory.undelivered = [];
  }

  async #read(): Promise<void> {
    const { log, now } = this.#options;
    const poll = now() - this.#polledAt >= POLL_MS;
    if (poll) this.#polledAt = now();
    const byShard = new Map<number, PartitionMemory[]>();
    for (const held of this.#held.values()) {
      const { memory } = held;
      if (!memory || memory.pending.length >= MOST_PENDING || !(poll || held.rung || memory.more)) continue;
      held.rung = false;
      const wanted = byShard.get(held.shardId);
      if (wanted) wanted.push(memory);
      else byShard.set(held.shardId, [memory]);
    }
    await Promise.all(
      [...byShard].map(async ([shardId, memories]) => {
        const cursors = memories.map((memory) => ({ partition: memory.set.partition, after: memory.readTo }));
        const found = await log.read(shardId, cursors, READ_COUNT);
        for (const memory of memories) {
          const entries = found.get(memory.set.partition) ?? [];
          memory.more = entries.length >= READ_COUNT;
          const last = entries.at(-1);
          if (!last) continue;
          memory.readTo = last.id;
          memory.pending = memory.pending.length === 0 ? entries : memory.pending.concat(entries);
        }
      }),
    );
  }

  async #loadMissing(batches: readonly PartitionBatch[]): Promise<void> {
    const wanted: MissingCustomers[] = [];
    for (const batch of batches) {
      const customers = batch.memory.take(batch.customers);
      if (customers.length > 0) wanted.push({ memory: batch.memory, customers });
    }
    if (wanted.length > 0) await loadCustomers(this.#options.redis, wanted);
  }

  #step(batches: readonly PartitionBatch[]): PartitionBatch[] {
    const { metrics, logger, plan } = this.#options;
    return batches.filter((batch) => {
      const held = this.#heldOf(batch.memory);
      const processor = plan(batch.memory.set.shardId)?.processor;
      if (!held || !processor) return false;
      try {
        stepBatch(batch, processor, held.poison);
        return true;
      } catch (error) {
        if (!(error instanceof PoisonedError)) throw error;
        metrics.poisoned.inc();
        logger.error({ err: error.cause, position: error.position }, 'a record threw and will be skipped');
        held.poison.set(error.position, error.cause instanceof Error ? error.cause.name : 'error');
        held.reset();
        return false;
      }
    });
  }

  /** The partition's lease, unless it ended or was reset meanwhile. */
  #heldOf(memory: PartitionMemory): HeldPartition | undefined {
    const held = this.#held.get(`${memory.set.shardId}.${memory.set.partition}`);
    return held?.memory === memory ? held : undefined;
  }

  async #commit(batches: readonly PartitionBatch[]): Promise<void> {
    if (batches.length === 0) return;
    const { redis, now } = this.#options;
    const at = now();
    const spans = batches.map((batch) => commitSpans(batch, at));
    const pipeline = redis.pipeline();
    const ends = batches.map((batch) => {
      const last = batch.entries.at(-1)?.entry;
      const { memory } = batch;
      const end = { offset: last?.id ?? memory.offset, events: last?.eventsSoFar ?? memory.events, at };
      const { outbox } = memory.set;
      const [sha = '', count = 0, ...rest] = commitArguments(
        memory,
        end,
        outbox.length ? JSON.stringify(outbox) : '',
      );
      pipeline.evalsha(String(sha), Number(count), ...rest);
      return end;
    });
    const replies = (await pipeline.exec()) ?? [];
    const messages: [number, string][] = [];
    const deliveries: Delivery[] = [];
    for (const [index, { memory }] of batches.entries()) {
      const [error, reply] = replies[index] ?? [new Error('No reply to a commit.'), null];
      const held = this.#heldOf(memory);
      const result = error === null ? commitResultOf(reply) : null;
      if (error) this.#failed(held, error);
      else if (held && result && !result.ok) this.#refused(held, result.reason);
      const end = ends[index];
      const traces = spans[index] ?? [];
      for (const span of traces) span.end({ 'millrace.committed': result?.ok ?? false });
      if (!held || !result?.ok || !end) continue;
      const { set } = memory;
      messages.push([set.shardId, pushOf(memory, result.sequence, at, traceparentsOf(traces))]);
      if (set.outbox.length > 0) {
        const entries = [{ id: result.outboxId, records: set.outbox }];
        deliveries.push({ shardId: set.shardId, partition: set.partition, entries });
      }
      this.#landed(memory, end, result);
    }
    publishLive(this.#options.queueRedis, messages);
    if (deliveries.length > 0) this.#announce(await deliver(redis, deliveries));
  }

  #landed(
    memory: PartitionMemory,
    end: { offset: string; events: number },
    result: Extract<CommitResult, { ok: true }>,
  ): void {
    const { metrics, cachedBytes } = this.#options;
    metrics.commits.inc({ result: 'OK' });
    metrics.events.inc(Math.max(0, end.events - memory.events));
    memory.offset = end.offset;
    memory.events = end.events;
    memory.sequence = String(result.sequence);
    memory.consentVersion = result.consentVersion;
    memory.nextTimer = result.nextTimer;
    memory.due = result.due.filter((customer) => !memory.fired.has(customer));
    memory.pack(Math.floor(cachedBytes / this.#held.size));
    memory.settle();
  }

  #failed(held: HeldPartition | undefined, error: Error): void {
    held?.reset();
    if (!isMissingScript(error)) throw error;
    this.#scriptsLoaded = false;
  }

  #refused(held: HeldPartition, reason: string): void {
    this.#options.metrics.commits.inc({ result: reason });
    // A lease that is really gone shows when the partition is loaded again.
    held.reset();
  }

  #announce(names: Set<string>): void {
    this.#options.ring(names);
    ringDoorbells(this.#options.queueRedis, names);
  }

  /** Nothing came: late aggregates, ticks that are due by the clock, partitions without use. */
  async #rest(): Promise<boolean> {
    this.#pushTrailing();
    const now = this.#options.now();
    let ticked = false;
    for (const held of this.#held.values()) {
      const { memory } = held;
      if (!memory && now - held.heldSince > UNKNOWN_MS) held.leaving = true;
      if (!memory?.drained) continue;
      if (this.#isTickDue(memory, now)) {
        await this.#tick(held, now);
        ticked = true;
      } else if (
        memory.nextTimer === null &&
        now - Math.max(memory.lastRecordAt, held.heldSince) > UNUSED_MS
      ) {
        held.leaving = true;
      }
    }
    return ticked;
  }

  #isTickDue({ nextTimer, set, lastRecordAt }: PartitionMemory, now: number): boolean {
    if (nextTimer === null || nextTimer > now || now - lastRecordAt < this.#options.idleMs) return false;
    return nextTimer > Math.max(set.clock.newest, set.clock.tick);
  }

  async #tick(held: HeldPartition, now: number): Promise<void> {
    const keys = partitionKeys(held.shardId, held.partition);
    const record = JSON.stringify([{ k: 'c', t: now, epoch: Number(held.epoch) }]);
    const epoch = epochKey(held.shardId, held.partition, 'main');
    const id = await this.#options.redis.evalsha(
      tickScript.sha,
      3,
      epoch,
      keys.log,
      keys.count,
      held.epoch,
      record,
    );
    if (id === null) held.leaving = true;
    else this.#options.metrics.ticks.inc();
    held.rung = true;
  }

  #pushTrailing(): void {
    const now = this.#options.now();
    const messages: [number, string][] = [];
    for (const { memory, shardId } of this.#held.values()) {
      const text = memory && trailingPushOf(memory, now);
      if (text) messages.push([shardId, text]);
    }
    publishLive(this.#options.queueRedis, messages);
  }

  /** Customers in memory, for the gauge. */
  get cachedCustomers(): number {
    let sum = 0;
    for (const { memory } of this.#held.values()) sum += memory?.kept.size ?? 0;
    return sum;
  }
}
