import type { RoomUpdate, Seen, UpdateKind } from './live.schema';

/** Updates a room can send again to a client that missed them. */
const REPLAY_UPDATES = 256;

/** The state a newcomer is given. */
export interface RoomState {
  at: number | null;
  data: unknown;
}

/** Numbers a room's updates and keeps the last of them. Knows nothing of sockets. */
export class RoomLog {
  readonly room: string;
  #boot: string;
  #seq = 0;
  #kept: RoomUpdate[] = [];

  constructor(room: string, boot: string) {
    this.room = room;
    this.#boot = boot;
  }

  get seq(): number {
    return this.#seq;
  }

  /** The next update, numbered and kept. One that replaces everything before makes what was kept needless. */
  next(kind: UpdateKind, at: number | null, data: unknown): RoomUpdate {
    this.#seq += 1;
    const update: RoomUpdate = { room: this.room, boot: this.#boot, seq: this.#seq, at, kind, data };
    if (kind === 'whole') this.#kept = [];
    this.#kept.push(update);
    if (this.#kept.length > REPLAY_UPDATES) this.#kept.shift();
    return update;
  }

  /** What a client that stands at `seen` has missed, in order; null when only a snapshot can help. */
  missedSince(seen: Seen | undefined): RoomUpdate[] | null {
    if (seen === undefined || seen.boot !== this.#boot || seen.seq > this.#seq) return null;
    if (seen.seq === this.#seq) return [];
    const first = this.#kept[0];
    if (first === undefined) return null;
    if (first.kind === 'whole' || first.seq <= seen.seq + 1) {
      return this.#kept.filter((update) => update.seq > seen.seq);
    }
    return null;
  }

  /** A snapshot stands at the newest number: the next update follows it. */
  snapshot(state: RoomState): RoomUpdate {
    return {
      room: this.room,
      boot: this.#boot,
      seq: this.#seq,
      at: state.at,
      kind: 'whole',
      data: state.data,
    };
  }
}
