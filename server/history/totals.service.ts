import { Money, moneyText } from '@/server/core/money';
import { type ShardDescription, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { NEVER } from '@/server/streaming/watermarks';
import {
  hasWaitingDeadLetters,
  type PartitionStanding,
  partitionsInUse,
  standingsOf,
} from './stream-standing.repository';
import { countWindow, type FactSum, type TimeWindow } from './totals.repository';

export interface Totals {
  from: string | null;
  to: string | null;
  currency: string;
  events: number;
  customers: number;
  visits: number;
  cartsOpened: number;
  cartsConverted: number;
  cartsAbandoned: number;
  cartsEmptied: number;
  cartsRecovered: number;
  directOrders: number;
  /** exact decimal text in the workspace's currency */
  abandonedValue: string;
  revenue: string;
  /** the same sums in every other currency: never added up with the workspace's */
  otherCurrencies: Record<string, { abandonedValue: string; revenue: string }>;
  duplicates: number;
  late: number;
  deadLetters: number;
  /** results in this window may still change without anything late */
  provisional: boolean;
}

/**
 * What happened in a half-open window of event time.
 * @throws Fault and driver errors when a store is out of reach: totals are never guessed
 */
export async function totals(deps: Deps, workspaceId: string, window: TimeWindow): Promise<Totals> {
  const shards = await shardsOf(deps, workspaceId);
  // Asked before the counts: what was finished then is in them.
  const provisional = await isProvisional(deps, shards, window);
  const counts = await countWindow(deps, workspaceId, window);
  const currency = shards[0]?.currency ?? 'USD';
  const count = (kind: string) => sumCounts(counts.facts, kind);
  const amount = (kind: string, of: string) => sumAmounts(counts.facts, kind, of);
  const others = new Set(counts.facts.flatMap((fact) => fact.currency ?? []));
  others.delete(currency);
  return {
    from: isoOrNull(window.from),
    to: isoOrNull(window.to),
    currency,
    events: counts.events,
    customers: counts.customers,
    visits: count('visit'),
    cartsOpened: count('cartOpened'),
    cartsConverted: count('cartConverted'),
    cartsAbandoned: count('cartAbandoned'),
    cartsEmptied: count('cartEmptied'),
    cartsRecovered: count('cartRecovered'),
    directOrders: count('directOrder'),
    abandonedValue: amount('cartAbandoned', currency),
    revenue: amount('order', currency),
    otherCurrencies: Object.fromEntries(
      [...others]
        .sort()
        .map((other) => [
          other,
          { abandonedValue: amount('cartAbandoned', other), revenue: amount('order', other) },
        ]),
    ),
    duplicates: counts.duplicates,
    late: count('late'),
    deadLetters: counts.deadLetters,
    provisional,
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function sumCounts(facts: readonly FactSum[], kind: string): number {
  return facts.reduce((sum, fact) => (fact.kind === kind ? sum + fact.count : sum), 0);
}

function sumAmounts(facts: readonly FactSum[], kind: string, currency: string): string {
  let sum = new Money(0);
  for (const fact of facts) {
    if (fact.kind === kind && fact.currency === currency) sum = sum.plus(fact.amount ?? '0');
  }
  return moneyText(sum);
}

async function isProvisional(
  deps: Deps,
  shards: readonly ShardDescription[],
  window: TimeWindow,
): Promise<boolean> {
  for (const shard of shards) {
    if (await hasWaitingDeadLetters(deps, shard.shardId)) return true;
    const partitions = await partitionsInUse(deps, shard.shardId);
    const standings = await standingsOf(deps, shard.shardId, partitions);
    if (standings.some((standing) => mayChange(standing, window, shard.settings.latenessMs))) return true;
    // A history that went to a partition never used before lies where nobody has looked.
    if ((await partitionsInUse(deps, shard.shardId)).length > partitions.length) return true;
  }
  return false;
}

/**
 * A partition may still change a window while something of it is unfinished, while a timer is due before the window's
 * end, or while its clock has not passed the end (of the window, or of its own events) by the lateness.
 */
export function mayChange(
  standing: PartitionStanding,
  { from, to }: TimeWindow,
  latenessMs: number,
): boolean {
  if (standing.unfinished) return true;
  const { nextTimer, newest, clock } = standing;
  if (nextTimer !== null && (to === null || nextTimer < to)) return true;
  const hadEvents = newest > NEVER && (from === null || newest >= from);
  if (!hadEvents) return false;
  return clock < (to ?? newest) + latenessMs;
}
