/** Before the first entry of a log. */
export const STREAM_START = '0-0';

/** Compares two entry ids `<ms>-<seq>`. @returns negative, 0 or positive */
export function compareEntryIds(a: string, b: string): number {
  if (a === b) return 0;
  const dashA = a.indexOf('-');
  const dashB = b.indexOf('-');
  const byTime = Number(a.slice(0, dashA)) - Number(b.slice(0, dashB));
  return byTime !== 0 ? byTime : Number(a.slice(dashA + 1)) - Number(b.slice(dashB + 1));
}

/** Log time of an entry: ms since the epoch on the clock of the log's server. */
export function entryTime(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

/** The id just after: for reading from an id onwards without it. */
export function nextEntryId(id: string): string {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${Number(id.slice(dash + 1)) + 1}`;
}
