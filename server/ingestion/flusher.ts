import { Fault } from '@/server/core/fault';
import type { AppendEvent, DeadLetterRecord, EventLog } from '@/server/event-log';

export interface FlusherOptions {
  log: EventLog;
  /** How long an event may wait for others to be appended with, ms: when little comes, and when much does. */
  lingerMs: { least: number; most: number };
  /** Appended at once when so many wait. */
  fullEvents: number;
  /** Appends of a shard on their way at the same time. */
  maxInFlight: number;
  /** Bytes of all that waits or is on its way; beyond, requests are turned away. */
  maxPendingBytes: number;
  onFlush?: (events: number, seconds: number) => void;
}

interface Waiter {
  from: number;
  to: number;
  bytes: number;
  resolve: (duplicates: readonly number[]) => void;
  reject: (error: unknown) => void;
}

interface Lane {
  events: AppendEvent[];
  deadLetters: DeadLetterRecord[];
  waiters: Waiter[];
  timer: NodeJS.Timeout | undefined;
  inFlight: number;
  /** events of the flush before, by which the next linger goes */
  lastFlush: number;
}

const NONE: readonly number[] = [];

/**
 * Packs the events of many requests into few appends: a flush leaves after the linger, or sooner when full, and a
 * request is answered when the flush that holds it is on disk.
 */
export class Flusher {
  readonly #options: FlusherOptions;
  readonly #lanes = new Map<number, Lane>();
  #pendingBytes = 0;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Resolves once all of it is in the log and on disk, with the indexes of events that were there already.
   * @param bytes size of the request, for the bound on what waits
   * @throws Fault `unavailable` when too much waits already, or the log cannot take it
   */
  add(
    shardId: number,
    events: readonly AppendEvent[],
    deadLetters: readonly DeadLetterRecord[],
    bytes: number,
  ): Promise<readonly number[]> {
    if (this.#pendingBytes + bytes > this.#options.maxPendingBytes) {
      return Promise.reject(
        new Fault('unavailable', 'Too much is waiting for the event log. Send it again.'),
      );
    }
    this.#pendingBytes += bytes;
    const lane = this.#laneOf(shardId);
    const from = lane.events.length;
    for (const event of events) lane.events.push(event);
    for (const letter of deadLetters) lane.deadLetters.push(letter);
    return new Promise((resolve, reject) => {
      lane.waiters.push({ from, to: lane.events.length, bytes, resolve, reject });
      this.#schedule(shardId, lane);
    });
  }

  /** Resolves when nothing waits or is on its way any more. */
  async drain(): Promise<void> {
    while (this.#pendingBytes > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #laneOf(shardId: number): Lane {
    const known = this.#lanes.get(shardId);
    if (known) return known;
    const lane: Lane = {
      events: [],
      deadLetters: [],
      waiters: [],
      timer: undefined,
      inFlight: 0,
      lastFlush: 0,
    };
    this.#lanes.set(shardId, lane);
    return lane;
  }

  #schedule(shardId: number, lane: Lane): void {
    if (lane.waiters.length === 0 || lane.inFlight >= this.#options.maxInFlight) return;
    if (lane.events.length >= this.#options.fullEvents) {
      clearTimeout(lane.timer);
      lane.timer = undefined;
      void this.#flush(shardId, lane);
      return;
    }
    lane.timer ??= setTimeout(() => {
      lane.timer = undefined;
      if (lane.inFlight < this.#options.maxInFlight) void this.#flush(shardId, lane);
    }, this.#lingerOf(lane));
  }

  /** The busier the door, the longer the wait: a fuller pack of a partition is cheaper to append, to read and to keep. */
  #lingerOf({ lastFlush }: Lane): number {
    const { lingerMs, fullEvents } = this.#options;
    const busy = Math.min(1, (2 * lastFlush) / fullEvents);
    return lingerMs.least + (lingerMs.most - lingerMs.least) * busy;
  }

  async #flush(shardId: number, lane: Lane): Promise<void> {
    const { events, deadLetters, waiters } = lane;
    if (waiters.length === 0) return;
    lane.events = [];
    lane.deadLetters = [];
    lane.waiters = [];
    lane.inFlight += 1;
    lane.lastFlush = events.length;
    const started = performance.now();
    try {
      const { duplicates } = await this.#options.log.append({ shardId, events, deadLetters });
      this.#options.onFlush?.(events.length, (performance.now() - started) / 1_000);
      for (const waiter of waiters)
        waiter.resolve(duplicates.length === 0 ? NONE : within(duplicates, waiter));
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
    } finally {
      lane.inFlight -= 1;
      for (const waiter of waiters) this.#pendingBytes -= waiter.bytes;
      // What came while no more could be sent has lingered long enough.
      if (lane.timer === undefined) void this.#flush(shardId, lane);
    }
  }
}

function within(indexes: readonly number[], { from, to }: Waiter): number[] {
  return indexes.filter((index) => index >= from && index < to).map((index) => index - from);
}
