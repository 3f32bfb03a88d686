import { partitionOf } from '@/server/core/partition';
import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { readState, type StateStanding, standingOf } from '@/server/processors';
import { compareEntryIds } from '@/server/scaling';
import { type StoredState, type StoredStates, storedStates } from './stored-states.repository';

const NOTHING: StoredState = { text: null, parts: [] };

/** Where one partition stood when its states were read. */
export interface StoredPlace {
  /** last processed entry */
  offset: string;
  /** history has caught up with it */
  archived: boolean;
  /** key → its state */
  states: Map<string, StoredState>;
}

/** A customer as stored, with all keys that were merged into it. */
export interface StoredPerson {
  customer: string;
  text: string | null;
  stored: StoredState;
  /** null: nothing is stored, or nothing that can be read */
  standing: StateStanding | null;
  keys: string[];
  /** why it is not to be compared; `unreadable` when the text is no state */
  excluded: string | null;
}

export const UNREADABLE = 'unreadable';

/** Reads customers of one partition, and where their keys live. */
export async function storedPeople(
  deps: Pick<Deps, 'logRedis'>,
  { shardId, partitions }: Pick<ShardDescription, 'shardId' | 'partitions'>,
  partition: number,
  customers: readonly string[],
): Promise<{ people: StoredPerson[]; places: Map<number, StoredPlace> }> {
  const own = await storedStates(deps, shardId, partition, customers);
  const people = customers.map((customer, index) =>
    personOf(customer, own.states[index] ?? NOTHING, own.consent[index] ?? null),
  );
  const places = new Map<number, StoredPlace>();
  const elsewhere = people
    .flatMap(({ keys }) => keys)
    .filter((key) => partitionOf(key, partitions) !== partition);
  for (const [place, keys] of Map.groupBy(new Set(elsewhere), (key) => partitionOf(key, partitions))) {
    places.set(place, placeOf(keys, await storedStates(deps, shardId, place, keys)));
  }
  const here = [...new Set(people.flatMap(({ keys }) => keys))].filter((key) => !elsewhere.includes(key));
  const linked = here.filter((key) => !customers.includes(key));
  const beside = linked.length === 0 ? [] : (await storedStates(deps, shardId, partition, linked)).states;
  const place = placeOf([...customers, ...linked], { ...own, states: [...own.states, ...beside] });
  places.set(partition, place);
  return { people, places };
}

function placeOf(
  keys: readonly string[],
  { offset, archived, states }: Pick<StoredStates, 'offset' | 'archived' | 'states'>,
): StoredPlace {
  return {
    offset,
    archived: compareEntryIds(archived, offset) >= 0,
    states: new Map(keys.map((key, index) => [key, states[index] ?? NOTHING])),
  };
}

function personOf(customer: string, stored: StoredState, flags: string | null): StoredPerson {
  const { text } = stored;
  const person = { customer, text, stored, standing: null, keys: [customer], excluded: null };
  if (flags !== null && (JSON.parse(flags) as { denied: string[] }).denied.includes('profiling'))
    return { ...person, excluded: 'opted out of profiling' };
  if (text === null) return person;
  const standing = standingOrNull(text);
  if (standing === null) return { ...person, excluded: UNREADABLE };
  if (standing.movedTo !== null)
    return { ...person, standing, excluded: `moved to ${standing.movedTo}, and compared with it` };
  return { ...person, standing, keys: [...new Set([customer, ...standing.linkedKeys])] };
}

function standingOrNull(text: string): StateStanding | null {
  try {
    return standingOf(readState(text));
  } catch {
    return null;
  }
}
