import type { PartitionAggregates, QueueEntry } from '@/server/streaming/partition-step';
import { NEVER } from '@/server/streaming/watermarks';
import { CatchingUp } from './catching-up';
import { type LiveMessage, parseLiveMessage } from './live-message';
import type { PartitionView } from './partition-view.repository';
import type { QueueRow } from './queue-room.schema';

export interface ShardMirrorPorts {
  /** Reads partitions as they are now. */
  read(partitions: readonly number[]): Promise<PartitionView[]>;
  /** Resolves when messages will come. @returns unsubscribe */
  subscribe(handler: (text: string) => void): Promise<() => void>;
  /** Called for every message that was applied, after the mirror holds it. */
  onMessage(message: LiveMessage): void;
  /** Called when partitions were read anew: anything of them may have changed. */
  onRead(changed: readonly [string, QueueEntry | null][]): void;
  /** Called when a partition came to be behind or ceased to be: what is said of those who wait in it. */
  onTurned(customers: readonly string[]): void;
  now(): number;
  onError(error: unknown): void;
}

/** How long to wait before a read that failed is tried again, ms. */
const RETRY_MS = 500;
/** How often it is looked whether partitions that are behind still are, ms. */
const SETTLE_EVERY_MS = 1_000;

/**
 * The queue and aggregates of every partition of a shard, kept up by its messages. A gap in a partition's numbers has
 * that partition read again: whole states travel, so what comes later heals what was lost.
 */
export class ShardMirror {
  #ports: ShardMirrorPorts;
  #partitions: number;
  #views = new Map<number, PartitionView>();
  #stale = new Set<number>();
  /** Partitions whose last read was older than what messages had told: read once more, then believed. */
  #missed = new Set<number>();
  #reading: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #catchingUp = new CatchingUp();
  #settling: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => undefined;
  #closed = false;
  newestAt: number | null = null;
  gaps = 0;

  constructor(partitions: number, ports: ShardMirrorPorts) {
    this.#partitions = partitions;
    this.#ports = ports;
  }

  /** Subscribes, then reads: nothing that comes in between is lost. */
  async start(): Promise<void> {
    this.#unsubscribe = await this.#ports.subscribe((text) => this.#receive(text));
    await this.refresh();
  }

  /** Reads every partition anew, for example after the connection was away. */
  async refresh(): Promise<void> {
    for (let partition = 0; partition < this.#partitions; partition += 1) this.#stale.add(partition);
    await this.#readStale();
  }

  /** The queue's entries of all partitions, those of a time gone by marked. */
  *entries(): Iterable<QueueRow> {
    for (const view of this.#views.values())
      for (const entry of view.queue.values()) yield this.#row(view, entry);
  }

  entry(customer: string): QueueRow | undefined {
    for (const view of this.#views.values()) {
      const entry = view.queue.get(customer);
      if (entry) return this.#row(view, entry);
    }
    return undefined;
  }

  aggregates(): Map<number, PartitionAggregates> {
    const found = new Map<number, PartitionAggregates>();
    for (const [partition, view] of this.#views) if (view.aggregates) found.set(partition, view.aggregates);
    return found;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#settling);
    this.#unsubscribe();
  }

  #receive(text: string): void {
    const message = parseLiveMessage(text);
    if (message === null || message.p < 0 || message.p >= this.#partitions) return;
    const view = this.#views.get(message.p);
    // Before the first read there is nothing to apply to: that read will show it.
    if (!view || message.seq < view.seq) return;
    if (message.seq === view.seq) {
      // Aggregates that were due after the commit of this number had been told.
      if (message.agg) view.aggregates = message.agg;
      return;
    }
    if (message.seq > view.seq + 1) {
      this.gaps += 1;
      this.#stale.add(message.p);
      void this.#readStale();
    }
    view.seq = message.seq;
    for (const [customer, entry] of message.queue) {
      if (entry === null) view.queue.delete(customer);
      else view.queue.set(customer, entry);
    }
    if (message.agg) view.aggregates = message.agg;
    if (message.at > NEVER) this.newestAt = Math.max(this.newestAt ?? NEVER, message.at);
    const isTurned = this.#catchingUp.committed(message.p, message.at, this.#ports.now());
    this.#ports.onMessage(message);
    if (isTurned) this.#turned([view]);
  }

  #row({ partition }: PartitionView, entry: QueueEntry): QueueRow {
    return this.#catchingUp.has(partition) ? { ...entry, behind: true } : entry;
  }

  /** Tells of partitions that came to be behind, or ceased to be, and watches those that are. */
  #turned(views: readonly PartitionView[]): void {
    this.#ports.onTurned(views.flatMap(({ queue }) => [...queue.keys()]));
    if (this.#catchingUp.size === 0 || this.#settling !== undefined || this.#closed) return;
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      const settled = this.#catchingUp.settle(this.#ports.now());
      this.#turned(settled.flatMap((partition) => this.#views.get(partition) ?? []));
    }, SETTLE_EVERY_MS);
    this.#settling.unref();
  }

  #readStale(): Promise<void> {
    this.#reading ??= this.#readUntilFresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readUntilFresh(): Promise<void> {
    while (this.#stale.size > 0 && !this.#closed) {
      const wanted = [...this.#stale];
      this.#stale.clear();
      try {
        for (const view of await this.#ports.read(wanted)) this.#take(view);
      } catch (error) {
        for (const partition of wanted) this.#stale.add(partition);
        this.#ports.onError(error);
        this.#retry = setTimeout(() => void this.#readStale(), RETRY_MS);
        this.#retry.unref();
        return;
      }
    }
  }

  #take(view: PartitionView): void {
    const before = this.#views.get(view.partition);
    if (before && before.seq > view.seq) {
      // Messages ran ahead of the read while it was under way, or the store was set back.
      if (this.#missed.has(view.partition)) this.#missed.delete(view.partition);
      else {
        this.#missed.add(view.partition);
        this.#stale.add(view.partition);
        return;
      }
    }
    this.#views.set(view.partition, view);
    const isTurned = this.#catchingUp.read(view.partition, view.progress, this.#ports.now());
    this.#ports.onRead(changesBetween(before?.queue ?? new Map(), view.queue));
    if (isTurned) this.#turned([view]);
  }
}

function changesBetween(
  before: ReadonlyMap<string, QueueEntry>,
  after: ReadonlyMap<string, QueueEntry>,
): [string, QueueEntry | null][] {
  const changes: [string, QueueEntry | null][] = [];
  for (const customer of before.keys()) if (!after.has(customer)) changes.push([customer, null]);
  for (const [customer, entry] of after) {
    const old = before.get(customer);
    if (!old || old.at !== entry.at || old.since !== entry.since || old.title !== entry.title) {
      changes.push([customer, entry]);
    }
  }
  return changes;
}
