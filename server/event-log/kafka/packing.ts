import type { AppendEvent, LogEntry } from '../event-log';
import type { Claimed, Pack } from './claims';
import type { TopicRecord } from './topic-reader';

/** A pack that is longer is cut: no record may outgrow what a broker takes. */
const PACK_CHARACTERS = 512 * 1024;

/** A pack that knows where its events stood in the flush. */
export interface PackedEvents extends Pack {
  events: AppendEvent[];
  indexes: number[];
}

/** The events at these indexes, packed by partition in the order taken. */
export function packsOf(events: readonly AppendEvent[], indexes: readonly number[]): PackedEvents[] {
  const packs: PackedEvents[] = [];
  const open = new Map<number, { pack: PackedEvents; characters: number }>();
  for (const index of indexes) {
    const event = events[index];
    if (event === undefined) continue;
    let current = open.get(event.partition);
    if (current === undefined || current.characters + event.json.length > PACK_CHARACTERS) {
      current = { pack: { partition: event.partition, events: [], indexes: [] }, characters: 0 };
      open.set(event.partition, current);
      packs.push(current.pack);
    }
    current.pack.events.push(event);
    current.pack.indexes.push(index);
    current.characters += event.json.length;
  }
  return packs;
}

/** The key of a pack's record: its claim, and how many of its records are new events. */
export function keyOf({ pack, claim, repeats, waits }: Claimed<Pack>): string | null {
  return claim === '' ? null : `${claim} ${pack.events.length - repeats.length - waits.length}`;
}

/** What is logged of a pack: new events as they are, repeats as attempts, and nothing of what others have on its way. */
export function textOf({ pack, repeats, waits }: Claimed<Pack>): string {
  if (repeats.length === 0 && waits.length === 0)
    return `[${pack.events.map(({ json }) => json).join(',\n')}]`;
  const repeated = new Set(repeats);
  const waiting = new Set(waits);
  const texts: string[] = [];
  pack.events.forEach(({ json }, at) => {
    if (!waiting.has(at)) texts.push(repeated.has(at) ? attemptOf(json) : json);
  });
  return `[${texts.join(',\n')}]`;
}

/** A repeat keeps what stands before `"y"` in a serialised event: see `encodeEvent`. */
function attemptOf(json: string): string {
  return `{"k":"d"${json.slice('{"k":"e"'.length, json.indexOf(',"y":"'))}}`;
}

/** Entries as readers know them. Those that are gone keep their place, and hold nothing. */
export function entriesOf(
  records: readonly TopicRecord[],
  eventsBefore: number,
  isGone: (at: number) => boolean,
): LogEntry[] {
  let eventsSoFar = eventsBefore;
  return records.map(({ id, key, value }, at) => {
    if (isGone(at)) return { id, records: '[]', eventsSoFar, refused: true };
    const space = key?.indexOf(' ') ?? -1;
    if (key === null || space === -1) return { id, records: value.toString(), eventsSoFar };
    eventsSoFar += Number(key.slice(space + 1));
    return { id, records: value.toString(), eventsSoFar, claim: key.slice(0, space) };
  });
}
