import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { consentParity } from '@/server/privacy';
import {
  type ArchivedPartition,
  archivedPartitions,
  beginRecovery,
  endRecovery,
  lostPartitions,
  raiseSentNumbers,
  reachDeadLetters,
} from './lost-state.repository';
import { type RebuiltCounts, type RecoveryOptions, ShardRecovery } from './recover-partition.service';

export interface RecoveryReport extends RebuiltCounts {
  partitions: number;
}

/** Rebuilds one partition of a shard; several may be asked for at once. */
export type RebuildPartition = (shardId: number, archived: ArchivedPartition) => Promise<RebuiltCounts>;

export interface WholeRecoveryOptions extends RecoveryOptions {
  /** told of every partition */
  say(line: string): void;
  /** begun when something is lost: what rebuilds partitions beside this process, each on a processor of its own */
  helpers?(): RebuildPartition[];
}

/** Partitions that one process has in hand: while history of one is read, another is stepped. */
const AT_ONCE = 2;

/**
 * Rebuilds what a lost log Redis held: per partition its newest snapshot, then what history holds of its log after it. Does
 * nothing where the store still knows the partition. No processor, archiver or collector may run meanwhile.
 */
export async function recoverState(deps: Deps, options: WholeRecoveryOptions): Promise<RecoveryReport> {
  const report = { partitions: 0, fromSnapshot: 0, customers: 0, records: 0, ids: 0, outputs: 0 };
  for (const shard of await listShards(deps)) await recoverShard(deps, options, shard, report);
  // The record of consent wins over what a snapshot held: an opt-out since then holds before anything is processed.
  if (report.partitions > 0) await consentParity(deps);
  return report;
}

async function recoverShard(
  deps: Deps,
  options: WholeRecoveryOptions,
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
  const helpers = options.helpers?.() ?? [];
  const own = await ShardRecovery.open(deps, options, shard);
  const lanes = [(_: number, one: ArchivedPartition) => own.rebuild(one), ...helpers].flatMap((rebuild) =>
    Array.from({ length: AT_ONCE }, () => rebuild),
  );
  await overLanes(lanes, lost, async (rebuild, one) => {
    add(report, await rebuild(shardId, one));
    options.say(
      `Rebuilding the state of shard ${shardId}: ${report.partitions} of ${lost.length} partitions`,
    );
  });
  await raiseSentNumbers(deps.logRedis, shardId, all);
  await reachDeadLetters(deps, shardId);
  for (const one of archived) if (!lost.includes(one)) report.ids += await own.restoreIds(one);
  await endRecovery(deps, shardId, all);
}

/** Every lane takes the next partition when it is done with one. @throws what the first to fail threw, once all have ended */
async function overLanes(
  lanes: readonly RebuildPartition[],
  partitions: readonly ArchivedPartition[],
  take: (rebuild: RebuildPartition, one: ArchivedPartition) => Promise<void>,
): Promise<void> {
  const waiting = [...partitions];
  const ended = await Promise.allSettled(
    lanes.map(async (rebuild) => {
      try {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await take(rebuild, one);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

function add(report: RecoveryReport, counts: RebuiltCounts): void {
  report.partitions += 1;
  report.fromSnapshot += counts.fromSnapshot;
  report.customers += counts.customers;
  report.records += counts.records;
  report.ids += counts.ids;
  report.outputs += counts.outputs;
}
