import { DAY_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { lastSnapshots } from '../snapshots/snapshot-memory.repository';
import { type SnapshotKeeping, snapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { takeTurn } from '../state/turn.repository';
import { type AskedDrill, askedDrills, finishDrill, insertDrill } from './drill.repository';
import { drillRestore } from './drill-restore.service';
import { isScheduled, unscheduled, workspacesWaiting } from './drill-turn.repository';

export const DRILL_ROUND_MS = 2 * SECOND_MS;
const TURN_MS = 5 * MINUTE_MS;
/** Without anybody asking, one partition is drilled this often, each in turn. */
const SCHEDULED_EVERY_MS = DAY_MS / 4;

/** Carries out the drills that were asked for, and one of its own accord when none was for a while. */
export async function runDrills(deps: Deps, keeping = snapshotKeeping()): Promise<number> {
  const done = await takeTurn(deps, 'drills', TURN_MS, async () => {
    const waiting = await workspacesWaiting(deps);
    const byWorkspace = Map.groupBy(await listShards(deps), (shard) => shard.workspaceId);
    const mayBeDue = await unscheduled(deps, [...byWorkspace.keys()]);
    let asked = false;
    const drilled = await eachInTurn(
      byWorkspace,
      ([workspaceId]) => workspaceId,
      async ([workspaceId, shards]) => {
        // Nobody waits for those: one workspace has its turn in a round, not all at once after a start.
        const isDue = !asked && mayBeDue.has(workspaceId) && (await askOnSchedule(deps, workspaceId, shards));
        asked ||= isDue;
        return isDue || waiting.has(workspaceId) ? drillAsked(deps, keeping, workspaceId, shards) : 0;
      },
    );
    return drilled.reduce((sum, one) => sum + one, 0);
  });
  return done ?? 0;
}

/** Carries out what was asked for in a workspace. @returns how many drills */
async function drillAsked(
  deps: Deps,
  keeping: SnapshotKeeping,
  workspaceId: string,
  shards: readonly ShardDescription[],
): Promise<number> {
  let sum = 0;
  for (const { id, shardId, partition } of await askedDrills(deps, workspaceId)) {
    const shard = shards.find((one) => one.shardId === shardId);
    if (shard === undefined) continue;
    const outcome = await drillRestore(deps, keeping, shard, partition).catch((error: unknown) => ({
      snapshotAt: null,
      records: 0,
      loadMs: null,
      replayMs: null,
      result: 'failed' as const,
      detail: error instanceof Error ? error.message.slice(0, 300) : 'unknown',
    }));
    await finishDrill(deps, workspaceId, id, outcome, new Date(deps.now()));
    sum += 1;
  }
  return sum;
}

/** One partition of each shard, another every time. @returns whether it was time */
async function askOnSchedule(
  deps: Deps,
  workspaceId: string,
  shards: readonly ShardDescription[],
): Promise<boolean> {
  const at = deps.now();
  const places: AskedDrill[] = [];
  for (const { shardId } of shards) {
    const partitions = [...(await lastSnapshots(deps, shardId)).keys()].sort((a, b) => a - b);
    const partition = partitions[Math.floor(at / SCHEDULED_EVERY_MS) % Math.max(1, partitions.length)];
    if (partition !== undefined) places.push({ id: deps.newId('drill'), shardId, partition });
  }
  if (places.length === 0 || !(await isScheduled(deps, workspaceId, SCHEDULED_EVERY_MS))) return false;
  for (const place of places)
    await insertDrill(deps, workspaceId, { ...place, askedAt: new Date(at), askedById: null });
  return true;
}
