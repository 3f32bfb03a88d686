import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterAll, expect } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log';
import type { SessionReader } from '@/server/identity';
import type { Role } from '@/server/identity/policy';
import { TEST_PASSWORD, testBrowser, testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { LiveServer } from '@/server/live';
import {
  applyUpdate,
  type JoinAnswer,
  LIVE_EVENTS,
  type RoomUpdate,
  type Seen,
} from '@/server/live/live.schema';
import { createProcessor, emptyWorkingSet, lexiconSentiment, NO_RULES } from '@/server/processors';
import type { WorkingSet } from '@/server/streaming/partition-step';
import { startLive } from './live';

export type TestDeps = Awaited<ReturnType<typeof testDeps>>;

/** Live push on stores of the test file's own, with two workspaces and a person of each role in both. */
export async function liveFixture() {
  const deps = await testDeps();
  const north = await testWorkspace(deps, 'north');
  const south = await testWorkspace(deps, 'south');
  const httpServer: Server = createServer();
  const errors: unknown[] = [];
  const publicUrl = 'https://console.north.test';
  const { sessions, asked } = countedSessions(testBrowser(deps).sessions);
  const live: LiveServer = startLive({
    deps,
    publicUrl,
    sessions,
    httpServer,
    onError: (error) => errors.push(error),
  });
  await new Promise<void>((resolve) => httpServer.listen(0, resolve));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  afterAll(async () => {
    await live.close();
    httpServer.close();
  });
  const streamOf = (region: string) => testStream(deps, north.workspaceId, region);
  /** A page of somebody who signed in, connected. */
  const page = async (role: Role, slug = 'north'): Promise<Page> => {
    const opened = new Page(url, await cookieOf(deps, slug, role));
    expect(await opened.connected()).toBe(true);
    return opened;
  };
  const room = (topic: string, workspaceId = north.workspaceId) => `ws:${workspaceId}:${topic}`;
  const stream = await streamOf('local');
  return { deps, north, south, live, url, publicUrl, errors, asked, page, room, streamOf, stream };
}

/** What live push asked of the sign-ins: how often for one by its cookies, and when, ms, for all that are connected. */
interface Asked {
  byCookie: number;
  looks: number[];
}

function countedSessions(reader: SessionReader): { sessions: SessionReader; asked: Asked } {
  const asked: Asked = { byCookie: 0, looks: [] };
  const sessions: SessionReader = {
    fromHeaders: (headers) => {
      asked.byCookie += 1;
      return reader.fromHeaders(headers);
    },
    current: (ids) => {
      asked.looks.push(Date.now());
      return reader.current(ids);
    },
  };
  return { sessions, asked };
}

/** The cookies of a person who signed in. */
export async function cookieOf(deps: TestDeps, slug: string, role: Role): Promise<string> {
  const browser = testBrowser(deps);
  const answer = await browser.post('/sign-in/email', {
    email: `${role}@${slug}.test`,
    password: TEST_PASSWORD,
  });
  expect(answer.status).toBe(200);
  return browser.cookie();
}

/** A page's end of the socket: it keeps every frame it was sent. */
export class Page {
  readonly socket: Socket;
  readonly frames: string[] = [];
  readonly updates: RoomUpdate[] = [];
  readonly held = new Map<string, unknown>();
  ended = false;

  constructor(url: string, cookie: string, origin?: string) {
    this.socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie, ...(origin === undefined ? {} : { origin }) },
    });
    this.socket.onAny((...frame: unknown[]) => this.frames.push(JSON.stringify(frame)));
    this.socket.on(LIVE_EVENTS.updated, (update: RoomUpdate) => this.#take(update));
    this.socket.on(LIVE_EVENTS.ended, () => {
      this.ended = true;
    });
    afterAll(() => {
      this.socket.close();
    });
  }

  connected(): Promise<true | string> {
    return new Promise((resolve) => {
      this.socket.on('connect', () => resolve(true));
      this.socket.on('connect_error', (error) => resolve(error.message));
    });
  }

  async join(room: string, seen?: Seen): Promise<JoinAnswer> {
    const answer: JoinAnswer = await this.socket
      .timeout(30_000)
      .emitWithAck(LIVE_EVENTS.join, { room, seen });
    this.frames.push(JSON.stringify(answer));
    if (answer.ok) for (const update of answer.updates) this.#take(update);
    return answer;
  }

  /** The data of a room as a screen would hold it. */
  data<T>(room: string): T | undefined {
    return this.held.get(room) as T | undefined;
  }

  #take(update: RoomUpdate): void {
    this.updates.push(update);
    this.held.set(update.room, applyUpdate(this.held.get(update.room), update));
  }
}

/** A stand-in for a worker: steps events through the real processor and commits as a worker does. */
async function testStream(deps: TestDeps, workspaceId: string, region: string) {
  const [shard] = await deps.db.shard.findMany({ where: { workspaceId, region } });
  if (!shard) throw new Error('no shard');
  const settings = { visitGapMs: 1_800_000, cartGapMs: 1_800_000, latenessMs: 600_000, currency: 'USD' };
  const processor = createProcessor({
    workspaceId,
    settings,
    ruleSet: NO_RULES,
    sentiment: lexiconSentiment,
  });
  const sets = new Map<number, WorkingSet>();
  const sequences = new Map<number, number>();
  let made = 0;

  /** Steps events of one customer and writes what changed; publishes unless it is to be lost. */
  async function commit(
    customer: string,
    events: Partial<CustomerEvent>[],
    options: { isLost?: boolean } = {},
  ): Promise<void> {
    const partition = partitionOf(customer, shard?.partitions ?? 1);
    const set = sets.get(partition) ?? emptyWorkingSet(partition, shard?.partitions, shard?.id);
    sets.set(partition, set);
    for (const event of events) {
      made += 1;
      const at = deps.now();
      const record: CustomerEvent = {
        k: 'e',
        id: `m${String(made).padStart(6, '0')}`,
        c: customer,
        t: at,
        r: at,
        s: 'source',
        y: 'track',
        n: 'Product Viewed',
        pl: 'web',
        p: {},
        ...event,
      };
      processor.step(set, record, `${at}-0/${made}`, at);
    }
    await write(partition, set, options.isLost ?? false);
  }

  async function write(partition: number, set: WorkingSet, isLost: boolean): Promise<void> {
    const tag = `{${shard?.id}.${partition}}`;
    const sequence = (sequences.get(partition) ?? 0) + 1;
    sequences.set(partition, sequence);
    const multi = deps.logRedis.multi();
    for (const key of set.changedStates) multi.hset(`${tag}:state`, key, JSON.stringify(set.states.get(key)));
    for (const key of set.changedQueue) {
      const entry = set.queue.get(key);
      if (entry) multi.hset(`${tag}:queue`, key, JSON.stringify(entry));
      else multi.hdel(`${tag}:queue`, key);
    }
    multi.hset(`${tag}:clock`, 'newest', set.clock.newest, 'tick', set.clock.tick);
    multi.set(`${tag}:agg`, JSON.stringify(set.aggregates));
    multi.set(`${tag}:seq`, sequence);
    await multi.exec();
    const message = {
      p: partition,
      seq: sequence,
      at: set.clock.newest,
      customers: [...set.changedStates],
      queue: [...set.changedQueue].map((key) => [key, set.queue.get(key) ?? null]),
      decisions: [],
      agg: set.aggregates,
    };
    set.changedStates.clear();
    set.changedQueue.clear();
    if (!isLost) await deps.queueRedis.publish(`live:${shard?.id}`, JSON.stringify(message));
  }

  return { commit, shardId: shard.id };
}
