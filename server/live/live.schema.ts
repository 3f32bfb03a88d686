/** Names on the socket, from the server unless said otherwise. */
export const LIVE_EVENTS = {
  /** from the client: `joinSchema`, answered by {@link JoinAnswer} */
  join: 'room.join',
  /** from the client: a room's name */
  leave: 'room.leave',
  updated: 'room.updated',
  /** {@link Beat}, once a second */
  beat: 'live.beat',
  /** the sign-in is over; the socket closes right after */
  ended: 'session.ended',
} as const;

/** Rooms one socket may be in at once. */
export const MAX_ROOMS = 50;

/** Where a client stands: sequence numbers are per room and start of the server. */
export interface Seen {
  boot: string;
  seq: number;
}

/**
 * How an update's `data` changes what the client holds: `whole` replaces it; `entries` is a list of [key, value or
 * null] for the map `entries` beside fields that replace; `append` adds `items` to a bounded list.
 */
export type UpdateKind = 'whole' | 'entries' | 'append';

/** What a room's subscribers are sent. */
export interface RoomUpdate {
  room: string;
  boot: string;
  seq: number;
  /** ms: time of the newest data in it; null when there is none yet */
  at: number | null;
  kind: UpdateKind;
  data: unknown;
}

export type JoinAnswer =
  | { ok: true; now: number; updates: RoomUpdate[] }
  | { ok: false; code: 'bad_request' | 'forbidden' | 'too_many' | 'unavailable'; message: string };

/** The server's own word, each second, on whether what it pushes can be trusted to be of now. */
export interface Beat {
  now: number;
  boot: string;
  /** why live values of this workspace may be old; null when all moves */
  problem: string | null;
}

/** Most items a room of kind `append` keeps, oldest dropped first. */
export const MAX_ITEMS = 200;

/** Data of `alerts`, `rules`, `privacy`, `board` and `debugger`: what was published, oldest first. */
export interface FeedData<Item = unknown> {
  items: Item[];
}

interface EntriesData {
  entries: Record<string, unknown>;
}

/** What a client holds after an update; the same function for screens and tests. */
export function applyUpdate(held: unknown, update: Pick<RoomUpdate, 'kind' | 'data'>): unknown {
  if (update.kind === 'whole' || held === undefined || held === null) return update.data;
  if (update.kind === 'append') {
    const items = [...(held as FeedData).items, ...(update.data as FeedData).items];
    return { items: items.slice(-MAX_ITEMS) };
  }
  const { entries: changes, ...fields } = update.data as { entries: [string, unknown][] };
  const entries = { ...(held as EntriesData).entries };
  for (const [key, value] of changes) {
    if (value === null) delete entries[key];
    else entries[key] = value;
  }
  return { ...(held as object), ...fields, entries };
}
