import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { partitionDigest } from '../digest.service';
import { readKeyedState } from '../keyed-state.repository';
import { newestSnapshot } from '../snapshots/newest-snapshot.service';
import type { SnapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { bareProcessor } from './bare-processor';
import { caughtUp } from './caught-up.service';
import type { DrillOutcome } from './drill.repository';
import { replayArchive } from './replay-archive.service';

const UNDONE = { records: 0, loadMs: null, replayMs: null };

/**
 * Restores a partition's newest snapshot in memory, replays what history holds up to where the live partition stands, and
 * compares the digests. Nothing of the live partition is touched.
 */
export async function drillRestore(
  deps: Deps,
  keeping: SnapshotKeeping,
  shard: ShardDescription,
  partition: number,
): Promise<DrillOutcome> {
  const began = performance.now();
  const snapshot = await newestSnapshot(keeping, { shardId: shard.shardId, partition });
  const loadMs = performance.now() - began;
  if (snapshot === null)
    return {
      ...UNDONE,
      snapshotAt: null,
      result: 'failed',
      detail: 'There is no snapshot of this partition yet.',
    };
  const snapshotAt = new Date(snapshot.takenAt);
  const live = await readKeyedState(deps, shard.shardId, partition);
  if (!(await caughtUp(deps, shard.shardId, partition, { log: live.offset })))
    return {
      ...UNDONE,
      snapshotAt,
      loadMs,
      result: 'failed',
      detail: 'History was too far behind to compare.',
    };
  const replaying = performance.now();
  const replay = await replayArchive(deps, { ...shard, partition }, snapshot, live.offset, () =>
    bareProcessor(shard),
  );
  const restored = { ...replay.texts(), redirects: replay.redirects() };
  const replayMs = performance.now() - replaying;
  const isEqual = partitionDigest(restored) === partitionDigest(live);
  return {
    snapshotAt,
    records: replay.records,
    loadMs,
    replayMs,
    result: isEqual ? 'equal' : 'different',
    detail: isEqual ? '' : differences(restored.states, live.states),
  };
}

/** How many, never who: a drill's record is no place for customers. */
function differences(restored: Record<string, string>, live: Record<string, string>): string {
  const keys = new Set([...Object.keys(restored), ...Object.keys(live)]);
  const changed = [...keys].filter((key) => key in restored !== key in live).length;
  return `${Object.keys(restored).length} customers restored, ${Object.keys(live).length} live; ${changed} in one only.`;
}
