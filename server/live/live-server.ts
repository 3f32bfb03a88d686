import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { Fault } from '@/server/core/fault';
import { isSameOrigin, may, TOPIC_ACTIONS } from '@/server/identity';
import type { ChannelFeed } from './channel-feed.connector';
import { Hub } from './hub';
import { joinSchema } from './join.schema';
import { type Beat, type JoinAnswer, LIVE_EVENTS, MAX_ROOMS } from './live.schema';
import type { LiveActor, SessionReader } from './live-actor';
import { MessageBudget } from './message-budget';
import { parseRoom, type RoomName, roomText } from './room-name';
import { SessionWatch } from './session-watch';
import type { Audience } from './topic-source';
import type { WorkspaceLive } from './workspace-live';

const MAX_MESSAGE_BYTES = 16 * 1024;
const BEAT_MS = 1_000;
const BEAT_ANSWER_MS = 900;
const UNREACHABLE = 'The store of live values cannot be reached.';

export interface LivePorts {
  httpServer: HttpServer;
  sessions: SessionReader;
  /** where people reach the console, when a proxy stands before it */
  publicUrl?: string | undefined;
  feed: ChannelFeed;
  openWorkspace(workspaceId: string): WorkspaceLive;
  /** Records that a person sees a customer's card. @throws when it cannot be recorded: then nothing is shown */
  noteCardRead(actor: LiveActor, customer: string): Promise<void>;
  /** Until when this person has revealed this customer's personal data, ms; null when they have not. */
  revealedUntil(actor: LiveActor, customer: string): Promise<number | null>;
  /** Why live values of a workspace may be old; null when all moves. */
  problem(workspaceId: string): Promise<string | null>;
  newBootId(): string;
  now(): number;
  onError(error: unknown): void;
}

/** A message of `reveals`: personal data of a customer is shown to a person until then, or no longer (null). */
export interface RevealChanged {
  workspaceId: string;
  userId: string;
  customer: string;
  until: number | null;
}

interface Workspace {
  live: WorkspaceLive;
  ready: Promise<void>;
  sockets: number;
}

/** Live push on the console's own origin. Rooms, numbers and snapshots as decision record 5 says. */
export class LiveServer {
  readonly io: Server;
  readonly hub: Hub;
  #ports: LivePorts;
  #boot: string;
  #watch: SessionWatch;
  #workspaces = new Map<string, Workspace>();
  #timers: NodeJS.Timeout[] = [];
  #reveals = new Map<string, NodeJS.Timeout>();

  constructor(ports: LivePorts) {
    this.#ports = ports;
    this.#boot = ports.newBootId();
    this.io = new Server(ports.httpServer, {
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      allowRequest: (request, decide) => decide(null, isSameOrigin(headersOf(request), ports.publicUrl)),
    });
    this.hub = new Hub(this.io, this.#boot, ports.now);
    this.#watch = new SessionWatch(ports.sessions, ports.now, ports.onError);
    this.io.use((socket, next) => void this.#authenticate(socket, next));
    this.io.on('connection', (socket) => this.#connected(socket));
    const { feed, onError } = ports;
    feed.subscribe('sessions', (text) => this.#watch.revoked(JSON.parse(text))).catch(onError);
    feed.subscribe('reveals', (text) => void this.#revealChanged(JSON.parse(text))).catch(onError);
    this.#timers.push(setInterval(() => void this.#beat(), BEAT_MS).unref());
  }

  get sockets(): number {
    return this.io.engine.clientsCount;
  }

  /** Ends every socket and lets go of all that was subscribed. Leaves the HTTP server alone. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const timer of this.#reveals.values()) clearTimeout(timer);
    this.#watch.close();
    this.io.disconnectSockets(true);
    this.hub.close();
    for (const { live } of this.#workspaces.values()) live.close();
    await this.#ports.feed.close();
    this.io.engine.close();
  }

  async #authenticate(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      const actor = await this.#ports.sessions.fromHeaders(headersOf(socket.request));
      if (!actor) return next(new Error('Sign in first.'));
      socket.data.actor = actor;
      next();
    } catch (error) {
      this.#ports.onError(error);
      next(new Error('The sign-in cannot be checked just now.'));
    }
  }

  #connected(socket: Socket): void {
    const actor = socket.data.actor as LiveActor;
    const budget = new MessageBudget(this.#ports.now);
    const rooms = new Set<string>();
    this.#watch.add(socket, actor);
    const workspace = this.#enter(actor.workspaceId);
    void socket.join(beatRoom(actor.workspaceId));
    socket.use((_packet, next) => {
      if (budget.take()) return next();
      socket.disconnect(true);
    });
    socket.on(LIVE_EVENTS.join, (message: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      void this.#join(socket, actor, workspace, rooms, message).then((result) => answer(result));
    });
    socket.on(LIVE_EVENTS.leave, (name: unknown) => {
      if (typeof name === 'string' && rooms.delete(name)) this.#leave(name, socket.id, workspace);
    });
    socket.on('disconnect', () => {
      this.#watch.remove(socket.id);
      for (const name of rooms) this.#leave(name, socket.id, workspace);
      this.#exit(actor.workspaceId, workspace);
    });
  }

  async #join(
    socket: Socket,
    actor: LiveActor,
    workspace: Workspace,
    rooms: Set<string>,
    message: unknown,
  ): Promise<JoinAnswer> {
    const parsed = joinSchema.safeParse(message);
    const room = parsed.success ? parseRoom(parsed.data.room) : null;
    if (!parsed.success || !room)
      return { ok: false, code: 'bad_request', message: 'There is no such room.' };
    if (room.workspaceId !== actor.workspaceId || !may(actor.role, TOPIC_ACTIONS[room.topic])) {
      return { ok: false, code: 'forbidden', message: 'This room is not open to you.' };
    }
    const name = roomText(room);
    if (!rooms.has(name) && rooms.size >= MAX_ROOMS) {
      return { ok: false, code: 'too_many', message: `At most ${MAX_ROOMS} rooms at once.` };
    }
    rooms.add(name);
    try {
      await workspace.ready;
      const audience = await this.#audience(actor, room);
      const answer = await this.hub.join(
        name,
        workspace.live.source(room),
        { socket, actor, audience },
        parsed.data.seen,
      );
      if (!socket.connected || !rooms.has(name)) this.hub.leave(name, socket.id);
      else if (room.customer !== undefined) enterCard(workspace, room.customer, socket.id, actor);
      return answer;
    } catch (error) {
      rooms.delete(name);
      this.#ports.onError(error);
      const message = error instanceof Fault ? error.publicMessage : 'This cannot be read just now.';
      return { ok: false, code: 'unavailable', message };
    }
  }

  /** Whoever sees a card is on record before they see it. */
  async #audience(actor: LiveActor, room: RoomName): Promise<Audience> {
    if (room.customer === undefined) return 'masked';
    await this.#ports.noteCardRead(actor, room.customer);
    const until = await this.#ports.revealedUntil(actor, room.customer);
    if (until === null || until <= this.#ports.now()) return 'masked';
    this.#maskAt({ workspaceId: actor.workspaceId, userId: actor.userId, customer: room.customer, until });
    return 'revealed';
  }

  #leave(name: string, socketId: string, { live }: Workspace): void {
    this.hub.leave(name, socketId);
    const customer = parseRoom(name)?.customer;
    if (customer !== undefined && live.presence.leave(customer, socketId)) live.presenceChanged(customer);
  }

  async #revealChanged(change: RevealChanged): Promise<void> {
    const { workspaceId, customer, userId, until } = change;
    const isRevealed = until !== null && until > this.#ports.now();
    if (isRevealed) this.#maskAt({ ...change, until });
    const room = roomText({ workspaceId, topic: 'customer', customer });
    await this.hub.setAudience(room, userId, isRevealed ? 'revealed' : 'masked').catch(this.#ports.onError);
  }

  #maskAt(change: RevealChanged & { until: number }): void {
    const key = `${change.workspaceId} ${change.userId} ${change.customer}`;
    clearTimeout(this.#reveals.get(key));
    const timer = setTimeout(
      () => {
        this.#reveals.delete(key);
        void this.#revealChanged({ ...change, until: null });
      },
      Math.max(0, change.until - this.#ports.now()),
    );
    this.#reveals.set(key, timer.unref());
  }

  /** A workspace opens with its first socket and closes with its last. */
  #enter(workspaceId: string): Workspace {
    const known = this.#workspaces.get(workspaceId);
    if (known) {
      known.sockets += 1;
      return known;
    }
    const live = this.#ports.openWorkspace(workspaceId);
    const workspace: Workspace = { live, ready: live.start(), sockets: 1 };
    workspace.ready.catch((error) => {
      // The next socket tries afresh; those here are told when they join.
      this.#ports.onError(error);
      live.close();
      if (this.#workspaces.get(workspaceId) === workspace) this.#workspaces.delete(workspaceId);
    });
    this.#workspaces.set(workspaceId, workspace);
    return workspace;
  }

  #exit(workspaceId: string, workspace: Workspace): void {
    workspace.sockets -= 1;
    if (workspace.sockets > 0) return;
    if (this.#workspaces.get(workspaceId) === workspace) this.#workspaces.delete(workspaceId);
    workspace.live.close();
  }

  async #beat(): Promise<void> {
    await Promise.all(
      [...this.#workspaces.keys()].map(async (workspaceId) => {
        const problem = await this.#problem(workspaceId);
        const beat: Beat = { now: this.#ports.now(), boot: this.#boot, problem };
        this.io.to(beatRoom(workspaceId)).emit(LIVE_EVENTS.beat, beat);
      }),
    );
  }

  /** The beat goes on whatever the stores do: no answer in time is an answer. */
  #problem(workspaceId: string): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(UNREACHABLE), BEAT_ANSWER_MS);
    });
    const asked = this.#ports.problem(workspaceId).catch(() => UNREACHABLE);
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }
}

/** From now on others see that this person looks at the customer. */
function enterCard(
  { live }: Workspace,
  customer: string,
  socketId: string,
  { userId, name }: LiveActor,
): void {
  if (live.presence.enter(customer, socketId, { userId, name })) live.presenceChanged(customer);
}

/** Not the name of a room that a client can ask for. */
const beatRoom = (workspaceId: string) => `beat|${workspaceId}`;

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}
