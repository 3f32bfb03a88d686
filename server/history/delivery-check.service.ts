import { DAY_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import type { LagReading } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { groupLagReader } from '@/server/scaling';
import {
  disorderByPartition,
  lastChecked,
  readLeaks,
  readOrder,
  type Stretch,
  sumChecks,
  writeCheck,
} from './delivery-check.repository';

type CheckDeps = Pick<Deps, 'db' | 'logRedis' | 'queueRedis' | 'now'>;

/** A check looks at this much of history at most: after a pause of the checker, what lies further back is left out. */
const LONGEST_MS = 5 * MINUTE_MS;
/** What was logged in the last seconds may be on its way to history. */
const SETTLED_MS = 5 * SECOND_MS;
const MOST_EVENTS = 100_000;
const PARTITIONS_AT_ONCE = 8;
const KEPT_MS = 92 * DAY_MS;

/**
 * Looks over what was archived since the last time: whether events of a customer stand in the order of their times, and
 * whether an id had its effect twice. Bounded in time, rows and ids; what was looked at is kept beside what was found.
 * @returns shards that were looked at
 */
export async function checkDeliveries(deps: CheckDeps): Promise<number> {
  const lagOf = groupLagReader(deps, 'archive');
  const checked = await eachInTurn(
    await listShards(deps),
    ({ workspaceId, shardId }) => `shard ${shardId} of ${workspaceId}`,
    (shard) => checkShard(deps, shard, lagOf),
  );
  return checked.filter(Boolean).length;
}

/** @returns false while nothing is new, or the archive's progress is not known */
export async function checkShard(
  deps: CheckDeps,
  shard: ShardDescription,
  lagOf = groupLagReader(deps, 'archive'),
): Promise<boolean> {
  const to = archivedUntil(await lagOf(shard), deps.now());
  if (to === null) return false;
  const from = Math.max((await lastChecked(deps, shard)) ?? 0, to - LONGEST_MS);
  if (to - from < SECOND_MS) return false;
  const { workspaceId, shardId } = shard;
  const stretch = { workspaceId, shardId, from, to };
  const { partitions, ...order } = await orderInTurn(deps, stretch, shard.partitions);
  const leaks = await readLeaks(deps, { ...stretch, partitions });
  await writeCheck(deps, shard, { from, to, partitions: partitions.length, ...order, ...leaks }, KEPT_MS);
  return true;
}

/** Events out of order in the last day, by partition, and how many events that rests on. */
export async function disorder(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string) {
  const to = deps.now();
  const from = to - DAY_MS;
  const [checks, partitions] = await Promise.all([
    sumChecks(deps, workspaceId, from, to),
    disorderByPartition(deps, workspaceId, from),
  ]);
  return {
    from: checks.from,
    to: checks.to,
    events: checks.events,
    outOfOrder: checks.outOfOrder,
    partitions,
  };
}

/** Log time up to which everything is in history, ms; null: not known. */
function archivedUntil(readings: readonly LagReading[], now: number): number | null {
  let until = now - SETTLED_MS;
  for (const { lagSeconds, backlog } of readings) {
    if (lagSeconds === null) {
      if (backlog > 0) return null;
      continue;
    }
    until = Math.min(until, now - lagSeconds * SECOND_MS - SECOND_MS);
  }
  return Math.floor(until);
}

/**
 * Counts partition after partition until about `MOST_EVENTS` were looked at, beginning elsewhere with every minute: where
 * more comes than can be looked at, all have their turn.
 */
async function orderInTurn(deps: CheckDeps, stretch: Omit<Stretch, 'partitions'>, count: number) {
  const first = Math.floor(stretch.to / MINUTE_MS) * PARTITIONS_AT_ONCE;
  const partitions: number[] = [];
  const outOfOrder = new Array<number>(count).fill(0);
  let events = 0;
  while (partitions.length < count && events < MOST_EVENTS) {
    const some = Array.from(
      { length: Math.min(PARTITIONS_AT_ONCE, count - partitions.length) },
      (_, offset) => (first + partitions.length + offset) % count,
    );
    partitions.push(...some);
    for (const row of await readOrder(deps, { ...stretch, partitions: some })) {
      outOfOrder[row.partition] = row.outOfOrder;
      events += row.events;
    }
  }
  return { partitions, outOfOrder, events };
}
