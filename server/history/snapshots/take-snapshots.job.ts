import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { activePartitionsOf } from '../state/partition-list.repository';
import { remembered } from '../state/remembered';
import { takeTurn } from '../state/turn.repository';
import { dueSnapshots } from './due-snapshots';
import { type PartitionSnapshot, snapshotName } from './partition-snapshot';
import { readPartitionSnapshot, sequencesOf } from './partition-snapshot.repository';
import { type LastSnapshot, lastSnapshotsOf, rememberSnapshots } from './snapshot-memory.repository';
import { forgetDropped, insertSnapshot, markDropped, supersededSnapshots } from './snapshot-rows.repository';
import { type SnapshotKeeping, snapshotKeeping } from './snapshot-settings.connector';
import { readStatePolicy, type StatePolicy } from './state-policy.repository';

export const SNAPSHOT_ROUND_MS = SECOND_MS;
/** A round that takes longer has died with its process. */
const TURN_MS = MINUTE_MS;
/** Thousands of partitions that all change are taken one in this time, and each less often than its policy says. */
const PACE_MS = 30;
/** Measurements of snapshots that are gone are kept this long. */
const MEASURED_MS = 6 * 60 * MINUTE_MS;

/** Policies are changed by hand: a change is followed within this time. */
const knownPolicy = remembered<StatePolicy>(10 * SECOND_MS);

/** Takes the snapshots that are due now. @returns how many */
export async function takeSnapshots(deps: Deps, keeping = snapshotKeeping()): Promise<number> {
  const taken = await takeTurn(deps, 'snapshots', TURN_MS, async () => {
    const shards = await listShards(deps);
    const active = await activePartitionsOf(
      deps,
      shards.map(({ shardId }) => shardId),
    );
    const used = shards
      .map((shard) => ({ ...shard, active: active.get(shard.shardId) ?? [] }))
      .filter((shard) => shard.active.length > 0);
    const leastIntervalMs = used.reduce((sum, shard) => sum + shard.active.length, 0) * PACE_MS;
    const last = await lastSnapshotsOf(
      deps,
      used.map(({ shardId }) => shardId),
    );
    const places = used.map((shard, index) => ({ ...shard, last: last[index] ?? new Map() }));
    // Where more are due than a round takes, it is another workspace that comes first each time.
    const first = Math.floor(deps.now() / SNAPSHOT_ROUND_MS) % Math.max(1, places.length);
    const inTurn = [...places.slice(first), ...places.slice(0, first)];
    let sum = 0;
    const nameOf = ({ shardId, workspaceId }: ShardDescription) => `shard ${shardId} of ${workspaceId}`;
    await eachInTurn(inTurn, nameOf, async (place) => {
      if (sum * PACE_MS < SNAPSHOT_ROUND_MS) sum += await takeDue(deps, keeping, place, leastIntervalMs);
    });
    return sum;
  });
  return taken ?? 0;
}

async function takeDue(
  deps: Deps,
  keeping: SnapshotKeeping,
  shard: ShardDescription & { active: readonly number[]; last: ReadonlyMap<number, LastSnapshot> },
  leastIntervalMs: number,
): Promise<number> {
  const { shardId, workspaceId, active, last } = shard;
  const { snapshotIntervalMs } = await knownPolicy(deps.db, workspaceId, deps.now, () =>
    readStatePolicy(deps, workspaceId),
  );
  const intervalMs = Math.max(leastIntervalMs, snapshotIntervalMs ?? keeping.intervalMs);
  const due = dueSnapshots(active, last, { now: deps.now(), intervalMs, roundMs: SNAPSHOT_ROUND_MS });
  if (due.length === 0) return 0;
  const sequences = await sequencesOf(deps.logRedis, shardId, due);
  let taken = 0;
  for (const [index, partition] of due.entries()) {
    const before = last.get(partition);
    const unchanged = before !== undefined && before.sequence === sequences[index];
    const after = unchanged
      ? { ...before, checkedAt: deps.now() }
      : await takeSnapshot(deps, keeping, { ...shard, partition });
    await rememberSnapshots(deps, shardId, new Map([[partition, after]]));
    if (!unchanged) taken += 1;
  }
  return taken;
}

/** Takes one partition's snapshot now: read in one transaction, compressed, sealed, stored, noted; older ones go. */
export async function takeSnapshot(
  deps: Deps,
  keeping: SnapshotKeeping,
  place: { workspaceId: string; shardId: number; partition: number },
): Promise<LastSnapshot> {
  const { workspaceId, shardId, partition } = place;
  const began = performance.now();
  const { snapshot, readMs } = await readPartitionSnapshot(deps.logRedis, place, deps.now);
  const object = snapshotName(shardId, partition, snapshot.takenAt);
  const { bytes, rawBytes } = await keeping.codec.encode(object, snapshot);
  await keeping.store.put(object, bytes);
  await insertSnapshot(deps, workspaceId, {
    object,
    shardId,
    partition,
    takenAt: new Date(snapshot.takenAt),
    offset: snapshot.offset.id ?? '0-0',
    customers: Object.keys(snapshot.states).length,
    rawBytes,
    storedBytes: bytes.length,
    readMs,
    totalMs: performance.now() - began,
    store: keeping.store.kind,
  });
  await dropSuperseded(deps, keeping, place);
  return lastOf(snapshot);
}

function lastOf({ takenAt, sequence, offset }: PartitionSnapshot): LastSnapshot {
  return { takenAt, checkedAt: takenAt, sequence, events: Number(offset.n ?? 0) };
}

async function dropSuperseded(
  deps: Deps,
  { store, keep }: SnapshotKeeping,
  { workspaceId, shardId, partition }: { workspaceId: string; shardId: number; partition: number },
): Promise<void> {
  const old = await supersededSnapshots(deps, workspaceId, { shardId, partition }, keep);
  if (old.length === 0) return;
  for (const object of old) await store.remove(object);
  const at = deps.now();
  await markDropped(deps, workspaceId, old, new Date(at));
  await forgetDropped(deps, workspaceId, new Date(at - MEASURED_MS));
}
