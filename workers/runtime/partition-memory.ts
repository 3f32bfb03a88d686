import { type ConsentFlags, readConsentFlags } from '@/server/core/consent-flags';
import type { LogEntry } from '@/server/event-log';
import { emptyWorkingSet } from '@/server/processors';
import { entryTime, STREAM_START } from '@/server/scaling';
import type { PartitionAggregates, WorkingSet } from '@/server/streaming/partition-step';
import { NEVER } from '@/server/streaming/watermarks';
import type { OutboxEntry } from './outbox';

/**
 * What a worker keeps of a partition while it holds the lease: the working set of a batch, and where it stands. Customers
 * are read for each batch: what lives from batch to batch costs more, in memory and in collecting it, than reading.
 * Thrown away whole when the lease goes or a commit did not land.
 */
export class PartitionMemory {
  /** parts kept beside states that the batch wrote, or brought back and must not stay: null */
  parts = new Map<string, string | null>();
  /** entries read and not yet processed */
  pending: LogEntry[] = [];
  /** last entry read, where the next read starts */
  readTo: string;
  /** customers whose timers the clock has passed */
  due: string[] = [];
  /** fired in the last batch, so that a timer that stays cannot turn the loop idle-hot */
  fired = new Set<string>();
  /** the last read was full: there is more */
  more = true;
  /** the batch held records of other partitions */
  inboxTouched = false;
  /** outbox entries that a former owner left, to be delivered before anything else */
  undelivered: OutboxEntry[] = [];
  /** aggregates changed since they were pushed last */
  aggregatesDirty = false;
  /** log time of the newest record that was no tick, ms */
  lastRecordAt: number;
  /** earliest timer, ms of event time; null: none */
  nextTimer: number | null = null;
  /** ms of processing time of the last push with aggregates */
  aggregatesPushedAt = 0;

  constructor(
    readonly set: WorkingSet,
    public epoch: string,
    public offset: string,
    public events: number,
    public consentVersion: string,
    public sequence: string,
  ) {
    this.readTo = offset;
    this.lastRecordAt = offset === STREAM_START ? 0 : entryTime(offset);
  }

  /** Whether a batch can be cut. */
  get hasWork(): boolean {
    return this.pending.length > 0 || this.due.length > 0;
  }

  get drained(): boolean {
    return !this.hasWork && !this.more;
  }

  /**
   * When a batch is taken in hand. Collections are made then rather than cleared, or made when the batch before was done:
   * what has grown old by then keeps all that it ever held, until a full collection, and that is half of what is made here.
   */
  begin(): void {
    const { set } = this;
    this.forgetCustomers();
    set.queue = new Map();
    set.changedStates = new Set();
    set.changedRedirects = new Set();
    set.changedConsent = new Set();
    set.changedQueue = new Set();
    set.changedCooldowns = new Set();
    set.changedTimers = new Set();
    set.outputs = [];
    set.outbox = [];
  }

  /** Once the batch is written out; queue entries are still to be pushed. */
  forgetCustomers(): void {
    const { set } = this;
    set.states = new Map();
    this.parts = new Map();
    set.redirects = new Map();
    set.cooldowns = new Map();
    set.timers = new Map();
  }

  /** Forgets what a batch worked on and noted, once it is committed. */
  settle(): void {
    this.begin();
    this.inboxTouched = false;
    this.set.events = 0;
    this.set.deniedLinks = new Set();
  }
}

export interface LoadedPartition {
  epoch: string;
  offset: Record<string, string>;
  clock: Record<string, string>;
  aggregates: string | null;
  sent: Record<string, string>;
  inbox: Record<string, string>;
  consentVersion: string | null;
  consent: Record<string, string>;
  sequence: string | null;
}

/** Builds the memory of a partition from what its keys hold. */
export function memoryOf(
  place: { shardId: number; partition: number; partitions: number },
  loaded: LoadedPartition,
): PartitionMemory {
  const consent = new Map<string, ConsentFlags | null>();
  for (const [customer, text] of Object.entries(loaded.consent)) {
    consent.set(customer, readConsentFlags(text));
  }
  const set = emptyWorkingSet(place.partition, place.partitions, place.shardId);
  set.clock = { newest: Number(loaded.clock.newest ?? NEVER), tick: Number(loaded.clock.tick ?? NEVER) };
  set.consent = consent;
  set.sent = numbersOf(loaded.sent);
  set.inbox = numbersOf(loaded.inbox);
  if (loaded.aggregates !== null)
    Object.assign(set.aggregates, JSON.parse(loaded.aggregates) as Partial<PartitionAggregates>);
  return new PartitionMemory(
    set,
    loaded.epoch,
    loaded.offset.id ?? STREAM_START,
    Number(loaded.offset.n ?? 0),
    loaded.consentVersion ?? '0',
    loaded.sequence ?? '0',
  );
}

function numbersOf(hash: Record<string, string>): Map<number, number> {
  return new Map(Object.entries(hash).map(([key, value]) => [Number(key), Number(value)]));
}
