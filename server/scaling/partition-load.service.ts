import { DAY_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { readTotals, type TotalsAt, totalsSince, writeTotals } from './partition-total.repository';

/** Notes what has come to every partition so far: once a minute, a row a shard. @returns shards */
export async function recordTotals(deps: Pick<Deps, 'db' | 'logRedis' | 'now'>): Promise<number> {
  const noted = await eachInTurn(
    await listShards(deps),
    ({ workspaceId, shardId }) => `shard ${shardId} of ${workspaceId}`,
    async (shard) => writeTotals(deps, shard, deps.now(), await readTotals(deps, shard)),
  );
  return noted.length;
}

/** What came to each partition of a shard over a time. */
export interface LoadOverTime {
  /** ms */
  from: number;
  to: number;
  /** customer events; the index is the partition */
  events: number[];
}

/** Events of each partition over the last day, or as much of it as was noted; null when too little was. */
export async function lastDaysLoad(
  deps: Pick<Deps, 'db' | 'logRedis' | 'now'>,
  shard: { workspaceId: string; shardId: number; partitions: number },
): Promise<LoadOverTime | null> {
  const noted = await totalsSince(deps, shard, deps.now() - DAY_MS);
  if (!noted) return null;
  return loadBetween(noted.first, { at: deps.now(), totals: await readTotals(deps, shard) });
}

/** A total that went back was of a log that was lost: all that is there now came since. */
export function loadBetween(first: TotalsAt, last: TotalsAt): LoadOverTime {
  const events = last.totals.map((total, partition) => {
    const before = first.totals[partition] ?? 0n;
    return Number(total >= before ? total - before : total);
  });
  return { from: first.at, to: last.at, events };
}
