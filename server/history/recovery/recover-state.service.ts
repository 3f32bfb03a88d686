import { loadRules } from '@/server/decisions';
import { restoreIds } from '@/server/event-log';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { consentParity } from '@/server/privacy';
import { createProcessor, lexiconSentiment } from '@/server/processors';
import { compareEntryIds, STREAM_START } from '@/server/scaling';
import { newestSnapshot } from '../snapshots/newest-snapshot.service';
import { type SnapshotKeeping, snapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { archivedIds } from './archived-ids.repository';
import { archivedMoves } from './archived-moves.repository';
import {
  type ArchivedPartition,
  archivedPartitions,
  beginRecovery,
  endRecovery,
  lostPartitions,
  raiseSentNumbers,
  reachDeadLetters,
  runCommands,
} from './lost-state.repository';
import { missingOutputs } from './missing-outputs.service';
import type { LogProcessor } from './partition-replay';
import { rebuildCommands } from './rebuilt-partition';
import { replayArchive } from './replay-archive.service';

export interface RecoveryOptions {
  /** of deduplication: ids younger than this are recognised again, ms */
  dedupMs: number;
  /** see the log's own option of this name */
  idScope: 'shard' | 'partition';
  /** told of every partition */
  say(line: string): void;
  keeping?: SnapshotKeeping;
}

export interface RecoveryReport {
  partitions: number;
  /** of them, from a snapshot rather than from the beginning of history */
  fromSnapshot: number;
  customers: number;
  /** replayed from history after the snapshots */
  records: number;
  /** message ids recognised again */
  ids: number;
  /** outputs that history lacked and gets now */
  outputs: number;
}

/**
 * Rebuilds what a lost log Redis held: per partition its newest snapshot, then what history holds of its log after it. Does
 * nothing where the store still knows the partition. No processor, archiver or collector may run meanwhile.
 */
export async function recoverState(deps: Deps, options: RecoveryOptions): Promise<RecoveryReport> {
  const report = { partitions: 0, fromSnapshot: 0, customers: 0, records: 0, ids: 0, outputs: 0 };
  for (const shard of await listShards(deps)) await recoverShard(deps, options, shard, report);
  // The record of consent wins over what a snapshot held: an opt-out since then holds before anything is processed.
  if (report.partitions > 0) await consentParity(deps);
  return report;
}

async function recoverShard(
  deps: Deps,
  options: RecoveryOptions,
  shard: ShardDescription,
  report: RecoveryReport,
): Promise<void> {
  const { shardId } = shard;
  const archived = await archivedPartitions(deps, shardId);
  const lost = await lostPartitions(deps, shardId, archived);
  if (lost.length === 0) return;
  const all = archived.map(({ partition }) => partition);
  await beginRecovery(
    deps,
    shardId,
    lost.map(({ partition }) => partition),
  );
  const makeProcessor = await processorMaker(deps, shard);
  const moves = await archivedMoves(deps, shard);
  for (const one of lost) {
    const movedAt = moves.get(one.partition);
    await recoverPartition(deps, options, { shard, archived: one, makeProcessor, movedAt }, report);
    options.say(
      `Rebuilding the state of shard ${shardId}: ${report.partitions} of ${lost.length} partitions`,
    );
  }
  await raiseSentNumbers(deps.logRedis, shardId, all);
  await reachDeadLetters(deps, shardId);
  report.ids += await recoverIds(deps, options, shard, all);
  await endRecovery(deps, shardId, all);
}

async function processorMaker(deps: Deps, shard: ShardDescription): Promise<() => LogProcessor> {
  const { workspaceId, currency } = shard;
  const rules = await loadRules(deps, workspaceId);
  const settings = { ...shard.settings, currency };
  return () => createProcessor({ workspaceId, settings, ruleSet: rules.make(), sentiment: lexiconSentiment });
}

interface LostPartition {
  shard: ShardDescription;
  archived: ArchivedPartition;
  makeProcessor: () => LogProcessor;
  movedAt: ReadonlyMap<string, number> | undefined;
}

async function recoverPartition(
  deps: Deps,
  { keeping = snapshotKeeping() }: RecoveryOptions,
  { shard, archived, makeProcessor, movedAt }: LostPartition,
  report: RecoveryReport,
): Promise<void> {
  const { partition } = archived;
  const place = { ...shard, partition };
  const snapshot = await newestSnapshot(keeping, place);
  const began = snapshot?.offset.id ?? STREAM_START;
  const offset = compareEntryIds(began, archived.log) > 0 ? began : archived.log;
  const replay = await replayArchive(deps, place, snapshot, offset, makeProcessor, movedAt);
  const at = deps.now();
  const missing = await missingOutputs(deps, place, snapshot, replay.set.outputs, { upTo: offset, at });
  await runCommands(deps.logRedis, rebuildCommands({ replay, snapshot, offset, archived, missing, at }));
  report.partitions += 1;
  report.fromSnapshot += snapshot === null ? 0 : 1;
  report.customers += Object.keys(replay.texts().states).length;
  report.records += replay.records;
  report.outputs += missing.length;
}

/** A message that was taken before the loss is a repeat after it as well. */
async function recoverIds(
  deps: Deps,
  { dedupMs, idScope }: RecoveryOptions,
  { shardId, workspaceId }: ShardDescription,
  partitions: readonly number[],
): Promise<number> {
  const since = deps.now() - dedupMs;
  let count = 0;
  for (const partition of partitions) {
    for await (const ids of archivedIds(deps, { workspaceId, shardId, partition }, since)) {
      await restoreIds(deps.logRedis, shardId, idScope === 'shard' ? undefined : partition, ids);
      count += ids.length;
    }
  }
  return count;
}
