import type { Socket } from 'socket.io-client';
import {
  applyUpdate,
  type Beat,
  type JoinAnswer,
  LIVE_EVENTS,
  type RoomUpdate,
} from '@/server/live/live.schema';
import { ServerClock } from './server-clock';

/** What a screen holds of a room. */
export interface RoomHeld {
  data: unknown;
  /** ms: time of the newest data in it */
  at: number | null;
  seq: number;
  status: 'joining' | 'live' | 'refused';
  /** why it was refused */
  reason: string | null;
}

interface Room {
  name: string;
  held: RoomHeld;
  boot: string | undefined;
  listeners: Set<() => void>;
  /** updates that came while an answer to a join was awaited */
  early: RoomUpdate[];
  isJoining: boolean;
  linger: ReturnType<typeof setTimeout> | undefined;
}

const NOTHING: RoomHeld = { data: null, at: null, seq: 0, status: 'joining', reason: null };
/** A room that nobody on the page uses is kept this long: going to a page and back costs nothing. */
const LINGER_MS = 2_000;
const ANSWER_MS = 8_000;
const RETRY_MS = 1_000;

/** Fetched while the page is still being brought to life, not only when its first room is entered. */
const library = typeof window === 'undefined' ? null : import('socket.io-client');

/**
 * One socket for all rooms of the page. After a break it comes back to every room with the number it has seen; a gap in
 * the numbers has the room read again. While the tab is hidden states are kept up, but nothing is painted.
 */
export class LiveClient {
  #socket: Socket | undefined;
  #opening: Promise<void> | undefined;
  #rooms = new Map<string, Room>();
  #connectionListeners = new Set<() => void>();
  #dirty = new Set<Room>();
  isConnected = false;
  /** ms by the page's clock: when something was last heard; the opening counts. Null: nothing live was ever asked for */
  heardAt: number | null = null;
  beat: Beat | null = null;
  readonly #clock = new ServerClock();

  /** @returns unsubscribe */
  subscribe(name: string, listener: () => void): () => void {
    const room = this.#rooms.get(name) ?? this.#enter(name);
    clearTimeout(room.linger);
    room.listeners.add(listener);
    return () => {
      room.listeners.delete(listener);
      if (room.listeners.size > 0) return;
      room.linger = setTimeout(() => this.#leave(room), LINGER_MS);
    };
  }

  held(name: string): RoomHeld {
    return this.#rooms.get(name)?.held ?? NOTHING;
  }

  /** Told when the connection or the server's word on itself changes. @returns unsubscribe */
  onConnection(listener: () => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** The server's time now, by the page's clock and what the server last said. */
  serverNow(): number {
    return this.#clock.at(Date.now());
  }

  #enter(name: string): Room {
    const room: Room = {
      name,
      held: NOTHING,
      boot: undefined,
      listeners: new Set(),
      early: [],
      isJoining: false,
      linger: undefined,
    };
    this.#rooms.set(name, room);
    this.heardAt ??= Date.now();
    this.#opening ??= this.#open();
    if (this.isConnected) void this.#join(room);
    return room;
  }

  #leave(room: Room): void {
    if (room.listeners.size > 0) return;
    this.#rooms.delete(room.name);
    this.#dirty.delete(room);
    this.#socket?.emit(LIVE_EVENTS.leave, room.name);
  }

  async #open(): Promise<void> {
    if (!library) return;
    const { io } = await library;
    const socket = io({
      transports: ['websocket', 'polling'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 3_000,
      randomizationFactor: 0.5,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.isConnected = true;
      this.#heard();
      for (const room of this.#rooms.values()) void this.#join(room);
      this.#tellConnection();
    });
    socket.on('disconnect', () => {
      this.isConnected = false;
      this.#tellConnection();
    });
    socket.on('connect_error', (error) => {
      if (error.message === 'Sign in first.') leaveToSignIn();
      // A refused handshake is not tried again by the library.
      else if (!socket.active) setTimeout(() => socket.connect(), RETRY_MS);
    });
    socket.on(LIVE_EVENTS.updated, (update: RoomUpdate) => this.#updated(update));
    socket.on(LIVE_EVENTS.beat, (beat: Beat) => {
      const changed = this.beat?.problem !== beat.problem;
      this.beat = beat;
      this.#clock.heard(beat.now, Date.now());
      this.#heard();
      if (changed) this.#tellConnection();
    });
    socket.on(LIVE_EVENTS.ended, leaveToSignIn);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#paint();
    });
  }

  async #join(room: Room): Promise<void> {
    const socket = this.#socket;
    if (!socket || room.isJoining) return;
    room.isJoining = true;
    const seen = room.boot === undefined ? undefined : { boot: room.boot, seq: room.held.seq };
    let answer: JoinAnswer;
    try {
      answer = await socket.timeout(ANSWER_MS).emitWithAck(LIVE_EVENTS.join, { room: room.name, seen });
    } catch {
      room.isJoining = false;
      if (this.isConnected) setTimeout(() => this.#rejoin(room), RETRY_MS);
      return;
    }
    room.isJoining = false;
    this.#heard();
    if (!answer.ok) {
      room.early = [];
      room.held = { ...room.held, status: 'refused', reason: answer.message };
      this.#changed(room);
      if (answer.code === 'unavailable') setTimeout(() => this.#rejoin(room), RETRY_MS);
      return;
    }
    const early = room.early;
    room.early = [];
    room.held = { ...room.held, status: 'live', reason: null };
    for (const update of [...answer.updates, ...early]) this.#apply(room, update);
    this.#changed(room);
  }

  #rejoin(room: Room): void {
    if (this.#rooms.get(room.name) === room && this.isConnected) void this.#join(room);
  }

  #updated(update: RoomUpdate): void {
    this.#heard();
    const room = this.#rooms.get(update.room);
    if (!room) return;
    if (room.isJoining) room.early.push(update);
    else if (this.#apply(room, update)) this.#changed(room);
  }

  /** @returns whether something changed */
  #apply(room: Room, update: RoomUpdate): boolean {
    const isSameBoot = room.boot === update.boot;
    const { held } = room;
    if (update.kind !== 'whole') {
      if (isSameBoot && update.seq <= held.seq) return false;
      if (!isSameBoot || update.seq > held.seq + 1) {
        this.#rejoin(room);
        return false;
      }
    } else if (isSameBoot && update.seq < held.seq) return false;
    room.boot = update.boot;
    const data = applyUpdate(held.data, update);
    room.held = { data, at: update.at ?? held.at, seq: update.seq, status: 'live', reason: null };
    return true;
  }

  #heard(): void {
    this.heardAt = Date.now();
  }

  #changed(room: Room): void {
    this.#dirty.add(room);
    if (!document.hidden) this.#paint();
  }

  #paint(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const room of dirty) for (const listener of room.listeners) listener();
  }

  #tellConnection(): void {
    for (const listener of this.#connectionListeners) listener();
  }
}

function leaveToSignIn(): void {
  const back = encodeURIComponent(window.location.pathname + window.location.search);
  window.location.assign(`/sign-in?next=${back}`);
}

let client: LiveClient | undefined;

/** The page's one client. */
export function liveClient(): LiveClient {
  client ??= new LiveClient();
  return client;
}
