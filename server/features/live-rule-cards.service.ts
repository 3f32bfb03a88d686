import type { Deps } from '@/server/platform/deps';
import { liveRuleCard, type RuleCard } from '@/server/processors';
import { waitingKeys } from './live-visits.repository';
import type { ShardWithSettings } from './online-store';
import { readKept } from './online-store.repository';
import { knownShards } from './shard-directory';

/** So many states of a workspace are read about at most, shared out over the partitions of its regions. */
const MOST_READ = 512;

/** What rules would see of a customer now. */
export interface LiveRuleCard {
  card: RuleCard;
  denied: readonly string[];
  /** the partition's clock, ms: as of when the card is */
  at: number;
}

export interface LiveRuleCards {
  cards: LiveRuleCard[];
  /** whether more may be visiting than were looked at */
  isCut: boolean;
}

/**
 * Cards, as rules see them, of customers with a live visit, those who were active last. Who opted out of profiling is not
 * among them. Nothing of a single customer may be shown of it: it is there to be counted.
 * @throws when the store cannot be reached
 */
export async function liveRuleCards(deps: Deps, workspaceId: string): Promise<LiveRuleCards> {
  const shards = await knownShards(deps, workspaceId);
  const partitions = shards.reduce((sum, shard) => sum + shard.partitions, 0);
  const most = Math.ceil(MOST_READ / Math.max(1, partitions));
  const read = await Promise.all(shards.map((shard) => cardsOf(deps, shard, most)));
  return { cards: read.flatMap(({ cards }) => cards), isCut: read.some(({ isCut }) => isCut) };
}

async function cardsOf(deps: Deps, shard: ShardWithSettings, most: number): Promise<LiveRuleCards> {
  const waiting = await waitingKeys(deps.logRedis, shard, most);
  const kept = await readKept(deps.logRedis, shard, waiting.flat());
  const cards = kept.flatMap(({ state, consent, clock }) => {
    const live = liveRuleCard(state, consent, clock, shard.settings);
    return live === null ? [] : [{ ...live, at: clock }];
  });
  return { cards, isCut: waiting.some(({ length }) => length >= most) };
}
