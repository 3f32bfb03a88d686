import type { Server, Socket } from 'socket.io';
import { type JoinAnswer, LIVE_EVENTS, type RoomUpdate, type Seen, type UpdateKind } from './live.schema';
import type { LiveActor } from './live-actor';
import { RoomLog } from './room';
import type { Audience, OpenSource, TopicSource } from './topic-source';
import { waitingPackets } from './waiting-packets';

/** Packets that may wait for a slow client before it is set aside and given the newest state later. */
const SLOW_PACKETS = 8;
const CATCH_UP_MS = 100;

interface Member {
  socket: Socket;
  actor: LiveActor;
  audience: Audience;
  behind: boolean;
}

interface Room {
  log: RoomLog;
  members: Map<string, Member>;
  source: Promise<TopicSource>;
}

/**
 * The rooms that somebody is in. A room opens with its first member and closes with its last; a client too slow for
 * its updates is set aside and gets the newest state when it has caught up, not a queue.
 */
export class Hub {
  #io: Server;
  #boot: string;
  #now: () => number;
  #rooms = new Map<string, Room>();
  #behind = new Set<Member>();
  #catchUp: NodeJS.Timeout | undefined;
  /** updates skipped for slow clients */
  skipped = 0;

  constructor(io: Server, boot: string, now: () => number) {
    this.#io = io;
    this.#boot = boot;
    this.#now = now;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  /** Puts a socket into a room: what it missed when that is known, else a snapshot. */
  async join(
    name: string,
    open: OpenSource,
    member: { socket: Socket; actor: LiveActor; audience: Audience },
    seen?: Seen,
  ): Promise<JoinAnswer> {
    const room = this.#rooms.get(name) ?? this.#open(name, open);
    const held: Member = { ...member, behind: false };
    const before = room.members.get(member.socket.id);
    room.members.set(member.socket.id, held);
    // Whoever comes again may see less than before.
    if (before && before.audience !== held.audience) void member.socket.leave(channel(name, before.audience));
    try {
      const source = await room.source;
      // As it is now: the reveal may have ended while the room was opened.
      const { audience } = held;
      const missed = audience === 'masked' ? room.log.missedSince(seen) : null;
      // From here to the join of the socket's own room nothing may be awaited twice: an update between the snapshot and
      // the join would be lost, so the socket joins first and drops what is older by its number.
      await member.socket.join(channel(name, audience));
      const updates = missed ?? [await this.#snapshot(room, source, audience)];
      return { ok: true, now: this.#now(), updates };
    } catch (error) {
      this.leave(name, member.socket.id);
      throw error;
    }
  }

  leave(name: string, socketId: string): void {
    const room = this.#rooms.get(name);
    const member = room?.members.get(socketId);
    if (!room || !member) return;
    room.members.delete(socketId);
    this.#behind.delete(member);
    void member.socket.leave(channel(name, member.audience));
    if (room.members.size > 0) return;
    this.#rooms.delete(name);
    room.source.then((source) => source.close()).catch(() => undefined);
  }

  /** Moves a person's sockets in a room to another view of it, with a fresh snapshot. */
  async setAudience(name: string, userId: string, audience: Audience): Promise<void> {
    const room = this.#rooms.get(name);
    if (!room) return;
    for (const member of room.members.values()) {
      if (member.actor.userId !== userId || member.audience === audience) continue;
      await member.socket.leave(channel(name, member.audience));
      member.audience = audience;
      await member.socket.join(channel(name, audience));
      member.socket.emit(LIVE_EVENTS.updated, await this.#snapshot(room, await room.source, audience));
    }
  }

  close(): void {
    clearInterval(this.#catchUp);
    for (const room of this.#rooms.values())
      room.source.then((source) => source.close()).catch(() => undefined);
    this.#rooms.clear();
  }

  #open(name: string, open: OpenSource): Room {
    const log = new RoomLog(name, this.#boot);
    const members = new Map<string, Member>();
    const room: Room = {
      log,
      members,
      source: Promise.resolve(open((kind, at, data) => this.#publish(room, kind, at, data))),
    };
    // A failure is told to whoever joins; nobody else listens.
    room.source.catch(() => undefined);
    this.#rooms.set(name, room);
    return room;
  }

  #publish(room: Room, kind: UpdateKind, at: number | null, data: unknown): void {
    this.#setSlowAside(room);
    const isByAudience = typeof data === 'function';
    const masked = isByAudience ? data('masked') : data;
    const update = room.log.next(kind, at, masked);
    this.#io.to(channel(room.log.room, 'masked')).emit(LIVE_EVENTS.updated, update);
    if (!isByAudience || ![...room.members.values()].some((member) => member.audience === 'revealed')) return;
    const revealed: RoomUpdate = { ...update, data: data('revealed') };
    this.#io.to(channel(room.log.room, 'revealed')).emit(LIVE_EVENTS.updated, revealed);
  }

  #setSlowAside(room: Room): void {
    for (const member of room.members.values()) {
      if (member.behind) {
        this.skipped += 1;
        continue;
      }
      if (waitingPackets(member.socket) <= SLOW_PACKETS) continue;
      member.behind = true;
      void member.socket.leave(channel(room.log.room, member.audience));
      this.#behind.add(member);
      this.#catchUp ??= setInterval(() => void this.#letCatchUp(), CATCH_UP_MS).unref();
    }
  }

  async #letCatchUp(): Promise<void> {
    for (const [, room] of this.#rooms) {
      for (const member of room.members.values()) {
        if (!member.behind || waitingPackets(member.socket) > 0) continue;
        member.behind = false;
        this.#behind.delete(member);
        await member.socket.join(channel(room.log.room, member.audience));
        member.socket.emit(
          LIVE_EVENTS.updated,
          await this.#snapshot(room, await room.source, member.audience),
        );
      }
    }
    if (this.#behind.size > 0) return;
    clearInterval(this.#catchUp);
    this.#catchUp = undefined;
  }

  /** The number is taken before the state is read: what is pushed meanwhile has a later one and is applied again. */
  async #snapshot(room: Room, source: TopicSource, audience: Audience): Promise<RoomUpdate> {
    const numbered = room.log.snapshot({ at: null, data: null });
    const state = await source.snapshot(audience);
    return { ...numbered, at: state.at, data: state.data };
  }
}

/** Rooms begin with `ws:`, so that no room a client names can be the revealed view of another. */
const channel = (room: string, audience: Audience) => (audience === 'masked' ? room : `revealed|${room}`);
