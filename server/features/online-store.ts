import type { Deps } from '@/server/platform/deps';
import { cardOf } from '@/server/processors';
import type { StreamSettings } from '@/server/streaming/partition-step';
import { cardView } from './card-view';
import type { CardView } from './card-view.schema';
import { type KeptCustomer, readKept, type ShardPlace } from './online-store.repository';

/** A chain of links longer than this is not followed: the processors allow no more. */
const MAX_HOPS = 8;

export interface ShardWithSettings extends ShardPlace {
  region: string;
  settings: StreamSettings;
  /** a card nothing has come to for this long says little of now */
  cardTtlMs: number;
}

/**
 * Cards of customers as of now, unmasked, in the order asked. A key that was linked shows the customer it belongs to;
 * null: nothing is known under the key.
 * @throws when the store cannot be reached
 */
export async function readCards(
  deps: Pick<Deps, 'logRedis' | 'now'>,
  shard: ShardWithSettings,
  keys: readonly string[],
): Promise<(CardView | null)[]> {
  const kept = await follow(deps, shard, keys);
  const readAt = deps.now();
  return keys.map((key) => {
    const found = kept.get(key);
    if (!found) return null;
    const card = cardOf(found.key, found.state, found.consent, found.clock, shard.settings);
    if (card === null) return null;
    return cardView(card, { key, readAt, ttlMs: shard.cardTtlMs });
  });
}

/** Follows redirects: all keys of a step in one pipeline, mostly there is only one step. */
async function follow(
  deps: Pick<Deps, 'logRedis'>,
  shard: ShardPlace,
  keys: readonly string[],
): Promise<Map<string, KeptCustomer>> {
  const found = new Map<string, KeptCustomer>();
  const asked = new Map(keys.map((key) => [key, key]));
  for (let hop = 0; hop <= MAX_HOPS && asked.size > 0; hop += 1) {
    const kept = new Map(
      (await readKept(deps.logRedis, shard, [...new Set(asked.values())])).map((row) => [row.key, row]),
    );
    for (const [key, place] of [...asked]) {
      const row = kept.get(place);
      if (row?.redirect && row.redirect !== place) asked.set(key, row.redirect);
      else {
        asked.delete(key);
        if (row) found.set(key, row);
      }
    }
  }
  return found;
}
