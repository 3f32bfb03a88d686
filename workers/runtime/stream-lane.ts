import { setTimeout as pause } from 'node:timers/promises';
import { claimedCommitScript, commitScript } from './commit';
import { learnCustomers } from './customer-loader';
import { HeldPartition } from './held-partition';
import { LaneCommitter, type PreparedCommit } from './lane-committer';
import { LaneHoldings } from './lane-holdings';
import { tendIdle } from './lane-idle';
import type { LaneOptions } from './lane-options';
import { LaneReader, POLL_MS } from './lane-reader';
import { loadScript } from './load-script';
import { ringDoorbells } from './outbox';
import {
  cutBatch,
  type LogProcessor,
  type PartitionBatch,
  PoisonedError,
  stepBatch,
} from './partition-batch';
import { ReturnWatch } from './return-watch';
import { joinParts } from './state-parts';
import { StepPace } from './step-pace';

const FAILURE_PAUSE_MS = 250;
/** A round ends with the batch that brings it to so many records: what one round holds should die young. */
const ROUND_RECORDS = 1_000;

/**
 * The loop over some of a process's partitions: one read of all, loads shared among connections, the pure steps, one
 * transaction of commits, then deliveries and pushes. Two lanes keep the process busy while the other waits for the disk.
 */
export class StreamLane {
  readonly #options: LaneOptions;
  readonly #held = new LaneHoldings();
  readonly #reader: LaneReader;
  readonly #committer: LaneCommitter;
  readonly #pace = new StepPace();
  #stopping = false;
  /** woken since the round began: the next sleep is skipped */
  #woken = false;
  #endSleep: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #scriptsLoaded = false;
  readonly #returns: ReturnWatch;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#reader = new LaneReader(options, this.#held);
    this.#committer = new LaneCommitter(options, this.#held);
    this.#returns = new ReturnWatch(options.redis, () => this.#wake());
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes a partition in; resolves when it has been given up. */
  hold(shardId: number, partition: number, epoch: string): Promise<void> {
    const held = new HeldPartition(shardId, partition, epoch, this.#options.now());
    this.#held.add(held);
    if (this.#stopping) held.leaving = true;
    this.#wake();
    return held.ended;
  }

  get names(): string[] {
    return this.#held.names();
  }

  holds(name: string): boolean {
    return this.#held.get(name) !== undefined;
  }

  ring(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    held.rung = true;
    this.#wake();
  }

  /** Customer events processed so far in each partition, null while it is not loaded. */
  progress(): [name: string, events: number | null][] {
    return [...this.#held].map(({ name, memory }) => [name, memory?.events ?? null]);
  }

  /** Gives up partitions at the next safe point. */
  yieldPartitions(names: readonly string[]): void {
    this.#held.leave(names);
    this.#wake();
  }

  /** Finishes the round, gives everything up. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#held.leave(this.#held.names());
    this.#wake();
    await this.#running;
    this.#returns.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopping || this.#held.size > 0) {
      try {
        if (!(await this.#round())) await this.#sleep(POLL_MS);
      } catch (error) {
        this.#options.metrics.roundFailures.inc();
        this.#options.meter.failed();
        this.#options.logger.warn({ err: error }, 'a round was given up and will be done again');
        this.#forget();
        this.#held.release();
        if (!this.#stopping) await pause(FAILURE_PAUSE_MS);
      }
    }
  }

  /**
   * A server that restarted has no scripts, and may have lost the tail of its file: what was delivered to another
   * partition then stands in the outbox again, though no commit of its owner will be refused.
   */
  #forget(): void {
    this.#scriptsLoaded = false;
    this.#held.reset();
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
    this.#held.release();
    if (this.#returns.take()) this.#forget();
    if (this.#held.size === 0) return false;
    if (!this.#scriptsLoaded) await this.#loadScripts();
    this.#announce(await this.#reader.loadPartitions());
    const { meter } = this.#options;
    const isLeftOver = await meter.wait(this.#reader.readEntries());
    const batches = this.#cut();
    if (batches.length === 0) {
      this.#committer.pushTrailing();
      return (await tendIdle(this.#options, this.#held)) || isLeftOver;
    }
    await meter.wait(this.#reader.loadCustomers(batches));
    const prepared = this.#stepAll(batches);
    this.#announce(await meter.wait(this.#committer.commit(prepared, () => this.#returns.wasAway)));
    this.#committer.pushTrailing();
    return true;
  }

  async #loadScripts(): Promise<void> {
    const { log, redis } = this.#options;
    const commit = log.isWithState ? commitScript : claimedCommitScript;
    await Promise.all([commit, loadScript].map((script) => script.load(redis)));
    this.#scriptsLoaded = true;
  }

  #cut(): PartitionBatch[] {
    const most = Math.min(ROUND_RECORDS, this.#pace.mostRecords);
    const batches: PartitionBatch[] = [];
    let records = 0;
    const waiting = [...this.#held].filter(({ memory }) => memory?.hasWork);
    for (const held of this.#held.inOrder(waiting)) {
      if (records >= most) break;
      const plan = this.#options.plan(held.shardId);
      // Of a workspace that is gone nothing stays in memory; the partition is given back when it has been idle.
      if (!plan) held.reset();
      const batch = held.memory && plan ? cutBatch(held.memory, plan.processor, most - records) : null;
      if (!batch) continue;
      batches.push(batch);
      records += batch.records;
      this.#held.served(held);
    }
    return batches;
  }

  /** One batch after the other from parsed customers to written text, so that no two batches' objects live together. */
  #stepAll(batches: readonly PartitionBatch[]): PreparedCommit[] {
    const prepared: PreparedCommit[] = [];
    for (const batch of batches) {
      const processor = this.#options.plan(batch.memory.set.shardId)?.processor;
      const began = performance.now();
      if (!processor || !this.#step(batch, processor)) continue;
      prepared.push(this.#committer.prepare(batch, processor));
      this.#measure(batch, performance.now() - began);
    }
    return prepared;
  }

  #measure(batch: PartitionBatch, ms: number): void {
    this.#options.meter.handled(batch, ms);
    this.#pace.note(batch.records, ms);
  }

  /** @returns whether there is something to commit */
  #step(batch: PartitionBatch, processor: LogProcessor): boolean {
    const { metrics, logger } = this.#options;
    const held = this.#held.of(batch.memory);
    if (!held) return false;
    try {
      batch.memory.begin();
      if (batch.loaded) learnCustomers(batch.memory.set, batch.loaded);
      joinParts(batch, processor);
      stepBatch(batch, processor, held.poison);
      held.threwAt = 0;
      return true;
    } catch (error) {
      if (!(error instanceof PoisonedError)) throw error;
      const { cause, operator, position } = error;
      metrics.poisoned.inc();
      this.#options.threw?.(held.shardId, operator);
      logger.error({ err: cause, position, operator }, 'a record threw and will be skipped');
      held.poison.set(position, `${cause instanceof Error ? cause.name : 'error'} in ${operator}`);
      held.threwAt = this.#options.now();
      held.reset();
      return false;
    }
  }

  #announce(names: Set<string>): void {
    if (names.size === 0) return;
    this.#options.ring(names);
    ringDoorbells(this.#options.queueRedis, names);
  }
}
