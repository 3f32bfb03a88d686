import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { atTheirEnds, differingParts, isReadByAnother, readState } from '@/server/processors';
import { compareEntryIds } from '@/server/scaling';
import { boundedKey } from '../copy-text';
import { bareProcessor } from '../recovery/bare-processor';
import { type Evictions, evictionsOf } from './eviction.repository';
import { type PersonEvent, personEvents } from './person-events.repository';
import { replayPerson } from './person-replay';
import { settingsChangedAt } from './settings-change.repository';
import { type StoredPerson, type StoredPlace, storedPeople, UNREADABLE } from './stored-people.service';
import type { StoredState } from './stored-states.repository';

/** A person with more events than this is not recomputed in a sweep. */
export const MOST_EVENTS = 2_000;
/** Events read for a whole batch of people. */
const MOST_OF_BATCH = 20_000;

export interface CheckedState extends StoredPerson {
  /**
   * `equal`, `different`; `skipped`: cannot be compared; `waiting`: history has not caught up with the state yet, or the
   * state is moving
   */
  outcome: 'equal' | 'different' | 'skipped' | 'waiting';
  /** names of what differs */
  parts: string[];
  /** why it was skipped */
  reason: string | null;
  recomputed: JsonObject | null;
  /** what it was recomputed from, in the order it was logged */
  events: PersonEvent[];
}

/**
 * Recomputes customers of one partition from history by the pure processors and compares the outcome with what is stored,
 * as of the commit that was read. Decisions and cool-downs are not part of it: they follow from rules, not from events.
 */
export async function checkStates(
  deps: Deps,
  shard: ShardDescription,
  partition: number,
  customers: readonly string[],
  most = MOST_EVENTS,
): Promise<CheckedState[]> {
  if (customers.length === 0) return [];
  const { people, places } = await storedPeople(deps, shard, partition, customers);
  const keys = people.filter(({ excluded }) => excluded === null).flatMap((person) => person.keys);
  const limit = customers.length === 1 ? most : MOST_OF_BATCH;
  const [events, evictions, changedAt] = await Promise.all([
    personEvents(deps, shard, keys.map(boundedKey), limit + 1),
    evictionsOf(deps, shard.workspaceId, keys),
    settingsChangedAt(deps, shard),
  ]);
  if (events.length > limit && customers.length > 1) return oneByOne(deps, shard, partition, customers, most);
  const byKey = Map.groupBy(events, ({ record }) => record.c);
  return people.map((person) => {
    const own = person.keys.flatMap((key) => byKey.get(boundedKey(key)) ?? []);
    const within = inLogOrder(own.filter((event) => isWithin(event, places, evictions)));
    const reason = reasonToSkip(person, within, { most, changedAt });
    if (reason !== null) return { ...verdictOf(person, reason), events: within };
    return compare(shard, person, within, places);
  });
}

async function oneByOne(
  deps: Deps,
  shard: ShardDescription,
  partition: number,
  customers: readonly string[],
  most: number,
): Promise<CheckedState[]> {
  const checked: CheckedState[] = [];
  for (const customer of customers)
    checked.push(...(await checkStates(deps, shard, partition, [customer], most)));
  return checked;
}

const inLogOrder = (events: PersonEvent[]) => events.sort((a, b) => a.order - b.order);

/** Processed by the commit that was read, and after the customer left by age. */
function isWithin(
  { partition, position, record }: PersonEvent,
  places: ReadonlyMap<number, StoredPlace>,
  evictions: Evictions,
): boolean {
  const entry = position.slice(0, position.indexOf('/'));
  const place = places.get(partition);
  if (place === undefined || compareEntryIds(entry, place.offset) > 0) return false;
  const evicted = evictions.get(record.c);
  return evicted === undefined || compareEntryIds(entry, evicted) > 0;
}

function reasonToSkip(
  { excluded }: StoredPerson,
  events: readonly PersonEvent[],
  { most, changedAt }: { most: number; changedAt: number },
): string | null {
  if (excluded !== null) return excluded;
  if (events.length > most) return `more than ${most} events`;
  if ((events[0]?.loggedAt ?? changedAt) < changedAt) return 'gaps or lateness were set anew since';
  return null;
}

function verdictOf(person: StoredPerson, reason: string): Omit<CheckedState, 'events'> {
  if (reason === UNREADABLE)
    return { ...person, outcome: 'different', parts: [UNREADABLE], reason: null, recomputed: null };
  return { ...person, outcome: 'skipped', parts: [], reason, recomputed: null };
}

function compare(
  shard: ShardDescription,
  person: StoredPerson,
  events: PersonEvent[],
  places: ReadonlyMap<number, StoredPlace>,
): CheckedState {
  const { partitions } = shard;
  const states = replayPerson(events, partitions, bareProcessor(shard));
  const recomputed = states.get(person.customer) ?? null;
  const placeOf = (key: string) => places.get(partitionOf(key, partitions));
  const behind = person.keys.some((key) => placeOf(key)?.archived !== true);
  const stored = new Map(person.keys.map((key) => [key, wholeState(placeOf(key)?.states.get(key))]));
  const readByAnother = [...stored.values()].some((state) => isReadByAnother(state));
  // Which key of a chain went by way of which depends on when their links came, which events do not tell.
  const [left, right] = [atTheirEnds(stored), atTheirEnds(states)];
  const parts = new Set(
    person.keys.flatMap((key) => differingParts(left.get(key) ?? null, right.get(key) ?? null)),
  );
  if (readByAnother && parts.size === 1 && parts.has('contacts'))
    return { ...verdictOf(person, 'turns were read by an earlier sentiment model'), events };
  const different = parts.size > 0;
  const outcome = !different ? 'equal' : behind ? 'waiting' : 'different';
  return { ...person, outcome, parts: [...parts].sort(), reason: null, recomputed, events };
}

/** A stored state with its parts. What cannot be read differs from whatever it should be. */
export function wholeState(stored: StoredState | undefined): JsonObject | null {
  try {
    return stored === undefined || stored.text === null ? null : readState(stored.text, stored.parts);
  } catch {
    return { unreadable: true };
  }
}
