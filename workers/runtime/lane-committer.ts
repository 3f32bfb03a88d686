import type { OpenSpan } from '@/server/observability';
import { commitSpans, traceparentsOf } from './batch-trace';
import {
  type BatchClaims,
  type BatchEnd,
  type CommitArguments,
  type CommitResult,
  commitArguments,
  commitResultOf,
} from './commit';
import type { LaneHoldings } from './lane-holdings';
import type { LaneOptions } from './lane-options';
import { publishLive, pushOf, trailingPushOf } from './live-push';
import { type Delivery, deliver } from './outbox';
import type { LogProcessor, PartitionBatch } from './partition-batch';
import type { PartitionMemory } from './partition-memory';
import { runCommits } from './run-commits';
import { sealParts } from './state-parts';

type CommitterOptions = Pick<LaneOptions, 'log' | 'redis' | 'queueRedis' | 'now' | 'metrics'>;
type Landing = Extract<CommitResult, { ok: true }>;
type Message = [shardId: number, text: string];

/** A stepped batch, written out. */
export interface PreparedCommit {
  memory: PartitionMemory;
  end: BatchEnd;
  spans: readonly OpenSpan[];
  /** of the commit script */
  args: CommitArguments;
}

/** Commits the batches of a round together, then pushes to screens and delivers to other partitions. */
export class LaneCommitter {
  readonly #options: CommitterOptions;
  readonly #held: LaneHoldings;

  constructor(options: CommitterOptions, held: LaneHoldings) {
    this.#options = options;
    this.#held = held;
  }

  /** Writes a stepped batch out; its customers are then no longer needed. */
  prepare(batch: PartitionBatch, processor: LogProcessor): PreparedCommit {
    const at = this.#options.now();
    const spans = commitSpans(batch, at);
    const end = endOf(batch, at);
    const { memory } = batch;
    sealParts(batch, processor);
    const { outbox } = memory.set;
    const outboxText = outbox.length ? JSON.stringify(outbox) : '';
    const taken = this.#options.log.isWithState ? null : claimsOf(batch);
    const args = commitArguments(memory, end, outboxText, taken);
    memory.forgetCustomers();
    return { memory, end, spans, args };
  }

  /**
   * @param wasAway whether Redis was away since these batches were read. It may have lost what was delivered before them,
   *   and a target takes nothing that comes after its successor: all is then delivered in order when loaded again
   * @returns names of the partitions that got records
   * @throws the first error that was no refusal; what had landed by then shows when the partitions are loaded again
   */
  async commit(prepared: readonly PreparedCommit[], wasAway: () => boolean): Promise<Set<string>> {
    if (prepared.length === 0) return new Set();
    const { log, redis, queueRedis } = this.#options;
    const replies = await runCommits(
      redis,
      prepared.map(({ args }) => args),
    );
    const messages: Message[] = [];
    const deliveries: Delivery[] = [];
    for (const [index, one] of prepared.entries()) {
      const result = this.#resultOf(one.memory, replies[index]);
      for (const span of one.spans) span.end({ 'millrace.committed': result !== null });
      if (result !== null) this.#follow(one, result, messages, deliveries);
    }
    publishLive(queueRedis, messages);
    if (deliveries.length === 0) return new Set();
    if (wasAway()) throw new Error('Redis was away between reading and delivery.');
    return deliver(log, redis, deliveries);
  }

  /** What a commit wrote, or null when it did not land: its memory is then dropped. */
  #resultOf(memory: PartitionMemory, answer: [Error | null, unknown] | undefined): Landing | null {
    const [error, reply] = answer ?? [new Error('No reply to a commit.'), null];
    if (error) throw error;
    const held = this.#held.of(memory);
    const result = commitResultOf(reply);
    if (result.ok) return held ? result : null;
    this.#options.metrics.commits.inc({ result: result.reason });
    // A lease that is really gone shows when the partition is loaded again.
    held?.reset();
    return null;
  }

  #follow(
    { memory, end, spans }: PreparedCommit,
    result: Landing,
    messages: Message[],
    deliveries: Delivery[],
  ): void {
    const { set } = memory;
    messages.push([set.shardId, pushOf(memory, result.sequence, end.at, traceparentsOf(spans))]);
    if (set.outbox.length > 0) {
      const entries = [{ id: result.outboxId, records: set.outbox }];
      deliveries.push({ shardId: set.shardId, partition: set.partition, entries });
    }
    const { metrics } = this.#options;
    metrics.commits.inc({ result: 'OK' });
    metrics.events.inc(Math.max(0, end.events - memory.events));
    memory.offset = end.offset;
    memory.events = end.events;
    memory.sequence = String(result.sequence);
    memory.consentVersion = result.consentVersion;
    memory.nextTimer = result.nextTimer;
    memory.due = result.due.filter((customer) => !memory.fired.has(customer));
    memory.settle();
  }

  /** Aggregates that came too soon after others to be pushed with their commit. */
  pushTrailing(): void {
    const now = this.#options.now();
    const messages: Message[] = [];
    for (const { memory, shardId } of this.#held) {
      const text = memory && trailingPushOf(memory, now);
      if (text) messages.push([shardId, text]);
    }
    publishLive(this.#options.queueRedis, messages);
  }
}

function endOf({ entries, memory }: PartitionBatch, at: number): BatchEnd {
  const last = entries.at(-1)?.entry;
  return { offset: last?.id ?? memory.offset, events: last?.eventsSoFar ?? memory.events, at };
}

function claimsOf({ entries }: PartitionBatch): BatchClaims {
  const taken: BatchClaims = { claims: [], refused: [] };
  for (const { entry } of entries) {
    if (entry.claim !== undefined) taken.claims.push(entry.claim);
    if (entry.refused) taken.refused.push(entry.id);
  }
  return taken;
}
