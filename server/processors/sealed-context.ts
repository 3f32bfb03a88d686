import type { SealedPart } from '@/server/streaming/partition-step';
import { CONTEXT_EVENTS, newestOf } from './context-text';
import type { CustomerState } from './customer-state';
import { entryCount, entryStart, joinTexts, timeAt, timeText } from './entry-text';

/*
 * Of the last 20 events an event in order needs only the newest. The older ones are sealed into chunks that are kept beside
 * the state, each written once, in a ring: a new chunk takes the place of the oldest, of which none is among the last 20
 * any more. Chunks are brought back together, when an event falls among them or when they are asked for.
 */
const CHUNK_ENTRIES = 8;
const CHUNKS = 2;
/** Entries that stay in the state, so that events which swap places by a moment need no chunk. */
const LEAST_UNSEALED = CONTEXT_EVENTS - CHUNKS * CHUNK_ENTRIES;
/** Entries in the state from which on the oldest are sealed. */
const SEAL_AT = CHUNK_ENTRIES + LEAST_UNSEALED;

/** Numbers of parts count down from here: those from 0 up are the cart's. */
const FIRST_CHUNK = -1;
/** In front of every chunk, as of no part of the cart. */
const CHUNK_MARK = ';';
/** Stands in the text of a state that has chunks beside it, and before any name that a customer could choose. */
const MEMBER = '"xs":"';

export function isChunk(part: string): boolean {
  return part.startsWith(CHUNK_MARK);
}

/** Numbers of all chunks of a customer, by their place in the ring. */
export function chunkNumbers({ xs }: CustomerState): number[] {
  if (xs === undefined) return [];
  return Array.from({ length: Math.min(sealedChunks(xs), CHUNKS) }, (_, place) => FIRST_CHUNK - place);
}

/** The chunks that are needed by who looks so far back (ms): all, or none. */
export function chunksFor(state: CustomerState, reach: number): number[] {
  return state.xs !== undefined && reach <= timeAt(state.xs, 0) ? chunkNumbers(state) : [];
}

/** The same by a state's text. */
export function mayNeedChunks(text: string, reach: number): boolean {
  const at = text.indexOf(MEMBER);
  return at >= 0 && reach <= timeAt(text, at + MEMBER.length);
}

/** Brings all chunks back, as `chunkNumbers` named them. */
export function joinChunks(state: CustomerState, chunks: readonly string[]): void {
  const { xs } = state;
  if (xs === undefined || chunks.length === 0) return;
  const oldest = sealedChunks(xs) % chunks.length;
  const inOrder = [...chunks.slice(oldest), ...chunks.slice(0, oldest)];
  const texts = inOrder.map((chunk) => chunk.slice(CHUNK_MARK.length));
  state.cx = newestOf([...texts, state.cx].reduce(joinTexts));
  state.xs = undefined;
}

/** Seals the oldest of many entries. @returns the chunks to be written */
export function sealChunks(state: CustomerState): SealedPart[] {
  const chunks: SealedPart[] = [];
  for (let left = entryCount(state.cx); left >= SEAL_AT; left -= CHUNK_ENTRIES) {
    const start = entryStart(state.cx, CHUNK_ENTRIES);
    const text = state.cx.slice(0, start - 1);
    const sealed = state.xs === undefined ? 0 : sealedChunks(state.xs);
    chunks.push({ number: FIRST_CHUNK - (sealed % CHUNKS), text: `${CHUNK_MARK}${text}` });
    state.cx = state.cx.slice(start);
    state.xs = `${timeText(timeAt(text, text.lastIndexOf(';') + 1))}|${counted(sealed + 1)}`;
  }
  return chunks;
}

function sealedChunks(xs: string): number {
  return Number(xs.slice(xs.indexOf('|') + 1));
}

/** How many were sealed, as far as it says which are there and which comes next. */
function counted(sealed: number): number {
  return sealed < 2 * CHUNKS ? sealed : sealed - CHUNKS;
}
