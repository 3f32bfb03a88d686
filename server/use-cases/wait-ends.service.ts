import { knownShards, readCards } from '@/server/features';
import type { Deps } from '@/server/platform/deps';
import { type EndingsOfCard, type WaitBegun, waitEnd } from './wait-end';

interface GoneWait extends WaitBegun {
  customer: string;
}

/** Cards read in one round trip: after a long outage many left at once. */
const AT_ONCE = 500;

/**
 * When waits that are in no queue any more ended: the time of the event that ended each where the stream knows it, else now,
 * when it was learned.
 * @throws when the log's Redis cannot be reached
 */
export async function endsOfWaits<Wait extends GoneWait>(
  deps: Deps,
  workspaceId: string,
  gone: readonly Wait[],
): Promise<(Wait & { at: Date })[]> {
  const now = deps.now();
  const cards = await cardsOf(deps, workspaceId, [...new Set(gone.map(({ customer }) => customer))]);
  return gone.map((wait) => {
    const card = cards.get(wait.customer);
    const end = card === undefined ? null : waitEnd(card, wait);
    return { ...wait, at: new Date(Math.min(end ?? now, now)) };
  });
}

async function cardsOf(
  deps: Deps,
  workspaceId: string,
  customers: readonly string[],
): Promise<Map<string, EndingsOfCard>> {
  const found = new Map<string, EndingsOfCard>();
  for (const shard of await knownShards(deps, workspaceId)) {
    for (let from = 0; from < customers.length; from += AT_ONCE) {
      const some = customers.slice(from, from + AT_ONCE).filter((customer) => !found.has(customer));
      for (const card of await readCards(deps, shard, some)) if (card) found.set(card.key, card);
    }
  }
  return found;
}
