import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { noteCardRead, revealedUntil } from './card-access.service';
import type { CardView } from './card-view.schema';
import { keysBeginningWith } from './customer.repository';
import { maskCard, maskKey } from './mask';
import { readCards } from './online-store';
import { knownShards } from './shard-directory';

/** A customer's card, unmasked; null when nothing is known under the key. */
export async function readCustomer(deps: Deps, workspaceId: string, key: string): Promise<CardView | null> {
  for (const shard of await knownShards(deps, workspaceId)) {
    const [card] = await readCards(deps, shard, [key]);
    if (card) return card;
  }
  return null;
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
