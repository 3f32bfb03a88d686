import { type OpenSpan, startSpan, tracingIsOn } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import type { WaitKind } from '@/server/streaming/wait-kind.schema';
import type { ChannelFeed } from './channel-feed.connector';
import { type CardReading, CustomerSource } from './customer-source';
import { FeedSource } from './feed-source';
import { FollowedRegions, type RegionPorts } from './followed-regions';
import type { LiveMessage } from './live-message';
import { Presence } from './presence';
import type { Claim, Escalation } from './queue-room.schema';
import { QueueSource } from './queue-source';
import type { RoomName } from './room-name';
import { type SampledReader, SampledSource } from './sampled-source';
import type { OpenSource, Publish } from './topic-source';

/** Pushes of sampled rooms, ms: at most four a second; the topology needs one. */
const OPERATIONS_EVERY_MS = 250;
const STREAMS_EVERY_MS = 1_000;

/** What a workspace's rooms are made from; given by the process that puts things together. */
export interface WorkspacePorts {
  deps: Deps;
  feed: ChannelFeed;
  shards: RegionPorts['shards'];
  readCard(key: string): Promise<CardReading>;
  /** who has taken which customer, whose wait is escalated, and what may wait how long */
  readClaims(): Promise<DeskRecord>;
  openOperations(): Promise<SampledReader>;
  openStreams(): Promise<SampledReader>;
  openLag(): Promise<SampledReader>;
  onError(error: unknown): void;
}

interface DeskRecord {
  claims: Record<string, Claim>;
  escalations: Record<string, Escalation>;
  sla: Record<WaitKind, number>;
}

/**
 * A message of `claims:<workspace>`: taken (with a claim) or given back; waits were escalated, or ceased to be; or the
 * waiting times were changed.
 */
export interface ClaimChanged {
  customer?: string;
  claim?: Claim | null;
  escalations?: Record<string, Escalation | null>;
  sla?: Record<WaitKind, number>;
}

/** All that is live in one workspace, while somebody of it is connected. */
export class WorkspaceLive {
  readonly workspaceId: string;
  readonly presence = new Presence();
  #ports: WorkspacePorts;
  readonly #regions: FollowedRegions;
  #claims = new Map<string, Claim>();
  #escalations = new Map<string, Escalation>();
  #sla: Record<WaitKind, number> = { chat: 0, call: 0, rule: 0, cart: 0 };
  #queue: QueueSource | undefined;
  #rules: FeedSource | undefined;
  #customers = new Map<string, CustomerSource>();
  #undo: (() => void)[] = [];

  constructor(workspaceId: string, ports: WorkspacePorts) {
    this.workspaceId = workspaceId;
    this.#ports = ports;
    const { deps, feed, onError } = ports;
    this.#regions = new FollowedRegions(workspaceId, {
      deps,
      feed,
      shards: ports.shards,
      onMessage: (message) => this.#onMessage(message),
      onRead: (customers) => {
        this.#queueChanged(customers);
        this.#touchCustomers();
      },
      onTurned: (customers) => this.#queueChanged(customers),
      onError,
    });
  }

  /** Subscribes and reads what is there. @throws when a store cannot be reached */
  async start(): Promise<void> {
    const { feed } = this.#ports;
    this.#undo.push(await feed.subscribe(`claims:${this.workspaceId}`, (text) => this.#claimChanged(text)));
    this.#undo.push(await feed.subscribe(`privacy:${this.workspaceId}`, () => this.#touchCustomers()));
    this.#undo.push(
      await feed.subscribe(`contests:${this.workspaceId}`, (text) => this.#contestChanged(text)),
    );
    await this.#regions.listen();
    this.#undo.push(feed.onReturn(() => void this.#readAgain()));
    await this.#readClaims();
    await this.#regions.follow();
  }

  /** Opens the source of a room of this workspace. */
  source(room: RoomName): OpenSource {
    if (room.topic === 'queue') return (publish) => this.#openQueue(publish);
    if (room.topic === 'customer') return (publish) => this.#openCustomer(room.customer ?? '', publish);
    if (room.topic === 'operations') {
      return (publish) => this.#openSampled(publish, this.#ports.openOperations(), OPERATIONS_EVERY_MS);
    }
    if (room.topic === 'streams') {
      return (publish) => this.#openSampled(publish, this.#ports.openStreams(), STREAMS_EVERY_MS);
    }
    if (room.topic === 'lag') {
      return (publish) => this.#openSampled(publish, this.#ports.openLag(), STREAMS_EVERY_MS);
    }
    if (room.topic === 'rules') return (publish) => this.#openRules(publish);
    if (room.topic === 'debugger') {
      return (publish) =>
        this.#openFeed(
          publish,
          this.#regions.shardIds.map((shardId) => `debugger:${shardId}`),
        );
    }
    return (publish) => this.#openFeed(publish, [`${room.topic}:${this.workspaceId}`]);
  }

  /** Somebody began or ceased to look at a customer. */
  presenceChanged(customer: string): void {
    this.#queue?.viewersChanged();
    this.#customers.get(customer)?.tell();
  }

  get gaps(): number {
    return this.#regions.gaps;
  }

  close(): void {
    this.#regions.close();
    for (const undo of this.#undo) undo();
  }

  #onMessage(message: LiveMessage): void {
    const spans = pushSpans(message);
    const pushed: Promise<void>[] = [];
    for (const [customer] of message.queue) this.#queue?.entryChanged(customer);
    if (this.#customers.size > 0) {
      const touched = new Set(message.customers);
      for (const [key, source] of this.#customers) {
        if (touched.has(key) || (source.customer !== undefined && touched.has(source.customer)))
          pushed.push(source.touched());
      }
    }
    for (const { ruleId, ruleVersion, purpose, decidedAt, heldOut } of message.decisions) {
      this.#rules?.add({ ruleId, ruleVersion, purpose, decidedAt, heldOut }, decidedAt);
    }
    if (spans.length === 0) return;
    void Promise.allSettled(pushed).then(() => {
      for (const span of spans) span.end({ 'millrace.cards': pushed.length });
    });
  }

  #queueChanged(customers: Iterable<string>): void {
    for (const customer of customers) this.#queue?.entryChanged(customer);
  }

  /** Consent changes without a commit: cards say so at once. */
  #touchCustomers(): void {
    for (const source of this.#customers.values()) void source.touched();
  }

  #contestChanged(text: string): void {
    const { customer } = JSON.parse(text) as { customer: string };
    for (const [key, source] of this.#customers)
      if (key === customer || source.customer === customer) void source.contestsChanged();
  }

  async #readAgain(): Promise<void> {
    for (const source of this.#customers.values()) void source.contestsChanged();
    try {
      await this.#readClaims();
      await this.#regions.readAgain();
    } catch (error) {
      this.#ports.onError(error);
    }
  }

  async #readClaims(): Promise<void> {
    const { claims, escalations, sla } = await this.#ports.readClaims();
    const before = [...this.#claims.keys(), ...this.#escalations.keys()];
    this.#claims = new Map(Object.entries(claims));
    this.#escalations = new Map(Object.entries(escalations));
    this.#sla = sla;
    // What was changed while nothing could be heard.
    this.#queue?.slaChanged();
    this.#queueChanged(new Set([...before, ...this.#claims.keys(), ...this.#escalations.keys()]));
  }

  #claimChanged(text: string): void {
    const { customer, claim, escalations, sla } = JSON.parse(text) as ClaimChanged;
    if (sla) {
      this.#sla = sla;
      this.#queue?.slaChanged();
    }
    if (customer !== undefined) {
      if (claim) this.#claims.set(customer, claim);
      else this.#claims.delete(customer);
      this.#setEscalation(customer, null);
    }
    for (const [of, escalation] of Object.entries(escalations ?? {})) this.#setEscalation(of, escalation);
  }

  #setEscalation(customer: string, escalation: Escalation | null): void {
    if (escalation) this.#escalations.set(customer, escalation);
    else this.#escalations.delete(customer);
    this.#queue?.entryChanged(customer);
  }

  #openQueue(publish: Publish): QueueSource {
    const regions = this.#regions;
    const source = new QueueSource(publish, {
      entries: () => regions.entries(),
      entry: (customer) => regions.entry(customer),
      claim: (customer) => this.#claims.get(customer),
      escalation: (customer) => this.#escalations.get(customer),
      viewers: () => this.presence.all(),
      sla: () => this.#sla,
      newestAt: () => regions.newestAt,
      onClose: () => {
        if (this.#queue === source) this.#queue = undefined;
      },
    });
    this.#queue = source;
    return source;
  }

  async #openCustomer(key: string, publish: Publish): Promise<CustomerSource> {
    const source = new CustomerSource(publish, {
      read: () => this.#ports.readCard(key),
      viewers: () => this.presence.of(key),
      onClose: () => {
        if (this.#customers.get(key) === source) this.#customers.delete(key);
      },
      onError: this.#ports.onError,
    });
    // Watched before it is read, so that a commit in between is not missed.
    this.#customers.set(key, source);
    try {
      await source.load();
    } catch (error) {
      source.close();
      throw error;
    }
    return source;
  }

  async #openSampled(
    publish: Publish,
    opening: Promise<SampledReader>,
    everyMs: number,
  ): Promise<SampledSource> {
    const read = () => ({ at: this.#regions.newestAt, aggregates: this.#regions.aggregates() });
    return new SampledSource(publish, await opening, read, everyMs);
  }

  #openRules(publish: Publish): FeedSource {
    const source = new FeedSource(publish);
    source.onClose(() => {
      if (this.#rules === source) this.#rules = undefined;
    });
    this.#rules = source;
    return source;
  }

  async #openFeed(publish: Publish, channels: readonly string[]): Promise<FeedSource> {
    const source = new FeedSource(publish);
    const take = (text: string) => source.add(JSON.parse(text), this.#ports.deps.now());
    const undo = await Promise.all(channels.map((channel) => this.#ports.feed.subscribe(channel, take)));
    source.onClose(() => {
      for (const unsubscribe of undo) unsubscribe();
    });
    return source;
  }
}

/** The push of a commit, in every trace that led to it; nothing unless the worker traced it. */
function pushSpans({ tp, p }: LiveMessage): OpenSpan[] {
  if (tp === undefined || !tracingIsOn()) return [];
  const attributes = { 'millrace.partition': p };
  return tp.flatMap((parent) => startSpan('live push', { parent, kind: 'PRODUCER', attributes }) ?? []);
}
