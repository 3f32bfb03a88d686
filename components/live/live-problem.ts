/** Nothing is said of the connection, and nothing greys, before it was silent this long. */
export const SILENT_MS = 3_000;

/** The connection as its client knows it. */
export interface LiveStanding {
  /** ms; null: nothing live was ever asked for */
  heardAt: number | null;
  isConnected: boolean;
  beat: { problem: string | null } | null;
}

interface Look {
  /** ms */
  now: number;
  /** ms: since when the page is seen */
  visibleSince: number;
  /** what was found the last time */
  before: string | null;
}

/** Why live values may be old, in words; null when all moves, and on a page that shows nothing live. */
export function liveProblem(
  { heardAt, isConnected, beat }: LiveStanding,
  { now, visibleSince, before }: Look,
): string | null {
  if (heardAt === null) return null;
  if (now - Math.max(heardAt, visibleSince) > SILENT_MS) {
    return isConnected
      ? 'The server has not been heard of for more than 3 s.'
      : 'The connection is interrupted; it is being made again.';
  }
  return isConnected ? (beat?.problem ?? null) : before;
}
