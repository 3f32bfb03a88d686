import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { DebuggerEntry } from './debugger-entry.schema';
import { maskedSample, maskText } from './masking';
import type { Refusal } from './refusal';

const MAX_PER_SECOND = 20;

export type DebuggerInput = Pick<
  DebuggerEntry,
  'sourceId' | 'outcome' | 'type' | 'name' | 'customer' | 'messageId'
> & {
  refusal?: Refusal;
  event: unknown;
};

/** Tells the live debugger of a shard, at most twenty times a second; the rest is counted. */
export class DebuggerFeed {
  readonly #redis: Redis;
  readonly #name = randomUUID().slice(0, 8);
  #count = 0;
  readonly #sent = new Map<number, { second: number; count: number; skipped: number }>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Whether one more would be shown now. Asked first, so that nothing is masked in vain. */
  wants(shardId: number, now: number): boolean {
    const state = this.#stateOf(shardId, now);
    if (state.count < MAX_PER_SECOND) return true;
    state.skipped += 1;
    return false;
  }

  tell(shardId: number, now: number, input: DebuggerInput): void {
    const state = this.#stateOf(shardId, now);
    state.count += 1;
    const { refusal, event, ...told } = input;
    const entry: DebuggerEntry = {
      ...told,
      id: `${this.#name}-${this.#count++}`,
      at: now,
      name: maskText(told.name),
      customer: maskText(told.customer),
      messageId: maskText(told.messageId),
      sample: maskedSample(event),
      skipped: state.skipped,
    };
    if (refusal)
      Object.assign(entry, { reason: refusal.reason, field: refusal.field, detail: refusal.detail });
    state.skipped = 0;
    this.#redis.publish(`debugger:${shardId}`, JSON.stringify(entry)).catch(() => undefined);
  }

  #stateOf(shardId: number, now: number): { second: number; count: number; skipped: number } {
    const second = Math.floor(now / 1_000);
    const known = this.#sent.get(shardId);
    if (known?.second === second) return known;
    const state = { second, count: 0, skipped: known?.skipped ?? 0 };
    this.#sent.set(shardId, state);
    return state;
  }
}
