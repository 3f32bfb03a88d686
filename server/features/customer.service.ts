import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { noteCardRead, revealedUntil } from './card-access.service';
import type { CardView } from './card-view.schema';
import { keysBeginningWith } from './customer.repository';
import { maskCard, maskKey } from './mask';
import { readCards, type ShardWithSettings } from './online-store';
import { knownShards } from './shard-directory';
import { type StoreRead, storeReads } from './store-reads';

/** A customer's card, unmasked; null when nothing is known under the key. */
export async function readCustomer(deps: Deps, workspaceId: string, key: string): Promise<CardView | null> {
  return (await readCustomers(deps, workspaceId, [key])).get(key) ?? null;
}

/** Cards by the key asked for, unmasked, of those of whom something is known. The read is timed and counted. */
export async function readCustomers(
  deps: Deps,
  workspaceId: string,
  keys: readonly string[],
): Promise<Map<string, CardView>> {
  const shards = await knownShards(deps, workspaceId);
  const started = performance.now();
  const note = (read: Omit<StoreRead, 'ms'>) =>
    storeReads().note(workspaceId, { ...read, ms: performance.now() - started });
  try {
    const cards = await cardsInShards(deps, shards, keys);
    const expired = [...cards.values()].filter((card) => card.expired).length;
    note({ hits: cards.size, misses: keys.length - cards.size, expired, failed: false });
    return cards;
  } catch (error) {
    note({ hits: 0, misses: 0, expired: 0, failed: true });
    throw error;
  }
}

/** Each region is asked only for who was in none before. */
async function cardsInShards(
  deps: Deps,
  shards: readonly ShardWithSettings[],
  keys: readonly string[],
): Promise<Map<string, CardView>> {
  const found = new Map<string, CardView>();
  for (const shard of shards) {
    const wanted = keys.filter((key) => !found.has(key));
    if (wanted.length === 0) break;
    for (const card of await readCards(deps, shard, wanted)) if (card) found.set(card.key, card);
  }
  return found;
}

/**
 * A customer's card for a person: on record before it is shown, masked unless this person revealed it.
 * @throws Fault `not_found` when nothing is known under the key
 */
export async function cardForPerson(
  deps: Deps,
  person: Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>,
  key: string,
): Promise<{ card: CardView; revealedUntil: number | null }> {
  await noteCardRead(deps, person, key);
  const card = await readCustomer(deps, person.workspaceId, key);
  if (!card) throw new Fault('not_found', 'Nothing is known of a customer with this key.');
  const until = await revealedUntil(deps, person, key);
  return { card: until === null ? maskCard(card) : card, revealedUntil: until };
}

/** A customer found by key. */
export interface FoundCustomer {
  key: string;
  /** the key as it may be shown */
  label: string;
  /** the customer it was linked to */
  linkedTo: string | null;
}

/** Customers whose key is, or begins with, what was typed: the exact one first. */
export async function findCustomers(
  deps: Deps,
  workspaceId: string,
  query: string,
  limit: number,
): Promise<FoundCustomer[]> {
  const [exact, archived] = await Promise.all([
    readCustomer(deps, workspaceId, query),
    keysBeginningWith(deps, workspaceId, query, limit),
  ]);
  const found = new Map<string, FoundCustomer>();
  const add = (key: string, linkedTo: string | null) => {
    if (!found.has(key)) found.set(key, { key, label: maskKey(key), linkedTo });
  };
  if (exact) add(query, exact.customer === query ? null : exact.customer);
  for (const { key, linkedTo } of archived) add(key, linkedTo);
  return [...found.values()].slice(0, limit);
}
