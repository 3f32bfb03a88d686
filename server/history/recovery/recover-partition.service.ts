import { loadRules } from '@/server/decisions';
import { RestoredIds, type TakenMessage } from '@/server/event-log';
import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { createProcessor, lexiconSentiment } from '@/server/processors';
import { compareEntryIds, STREAM_START } from '@/server/scaling';
import { newestSnapshot } from '../snapshots/newest-snapshot.service';
import { type SnapshotKeeping, snapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { archivedIds } from './archived-ids.repository';
import type { ArchivedRecord } from './archived-log.repository';
import { archivedMoves, type Moves } from './archived-moves.repository';
import { type ArchivedPartition, runCommands } from './lost-state.repository';
import { missingOutputs } from './missing-outputs.service';
import type { LogProcessor } from './partition-replay';
import { rebuildCommands } from './rebuilt-partition';
import { replayArchive } from './replay-archive.service';
import { ReplayOutputs } from './replay-outputs';

export interface RecoveryOptions {
  /** of deduplication: ids younger than this are recognised again, ms */
  dedupMs: number;
  /** see the log's own option of this name */
  idScope: 'shard' | 'partition';
  keeping?: SnapshotKeeping;
}

export interface RebuiltCounts {
  /** of the partitions, from a snapshot rather than from the beginning of history */
  fromSnapshot: number;
  customers: number;
  /** replayed from history after the snapshots */
  records: number;
  /** message ids recognised again */
  ids: number;
  /** outputs that history lacked and gets now */
  outputs: number;
}

/** Rebuilds partitions of one shard, one or several at a time; what is the same for all of them is read once. */
export class ShardRecovery {
  private constructor(
    readonly deps: Deps,
    readonly options: RecoveryOptions,
    readonly shard: ShardDescription,
    private readonly shared: { makeProcessor: () => LogProcessor; moves: Moves; keeping: SnapshotKeeping },
  ) {}

  static async open(deps: Deps, options: RecoveryOptions, shard: ShardDescription): Promise<ShardRecovery> {
    const { workspaceId, currency } = shard;
    const rules = await loadRules(deps, workspaceId);
    const settings = { ...shard.settings, currency };
    const makeProcessor = () =>
      createProcessor({ workspaceId, settings, ruleSet: rules.make(), sentiment: lexiconSentiment });
    const moves = await archivedMoves(deps, shard);
    const keeping = options.keeping ?? snapshotKeeping();
    return new ShardRecovery(deps, options, shard, { makeProcessor, moves, keeping });
  }

  /** Snapshot, history after it, and all of it written; then it can be processed on. */
  async rebuild(archived: ArchivedPartition): Promise<RebuiltCounts> {
    const { deps, shard, shared } = this;
    const { partition } = archived;
    const place = { ...shard, partition };
    const snapshot = await newestSnapshot(shared.keeping, place);
    const began = snapshot?.offset.id ?? STREAM_START;
    const offset = compareEntryIds(began, archived.log) > 0 ? began : archived.log;
    const ids = this.#ids(partition);
    const since = deps.now() - this.options.dedupMs;
    const replay = await replayArchive(deps, place, snapshot, offset, shared.makeProcessor, {
      movedAt: shared.moves.get(partition),
      outputs: () => new ReplayOutputs(),
      follow: (page) => ids.add(messagesOf(page, since)),
    });
    if (snapshot !== null) await this.#addIds(ids, partition, since, began);
    await ids.flush();
    const at = deps.now();
    const outputs = replay.outputs ?? new ReplayOutputs();
    const missing = await missingOutputs(deps, place, snapshot, outputs, { upTo: offset, at });
    await runCommands(deps.logRedis, rebuildCommands({ replay, snapshot, offset, archived, missing, at }));
    return {
      fromSnapshot: snapshot === null ? 0 : 1,
      customers: Object.keys(replay.texts().states).length,
      records: replay.records,
      ids: ids.fresh,
      outputs: missing.length,
    };
  }

  /** The ids alone of a partition whose state is there. @returns how many were not known */
  async restoreIds({ partition, log }: ArchivedPartition): Promise<number> {
    const ids = this.#ids(partition);
    await this.#addIds(ids, partition, this.deps.now() - this.options.dedupMs, log);
    await ids.flush();
    return ids.fresh;
  }

  #ids(partition: number): RestoredIds {
    const { deps, shard, options } = this;
    return new RestoredIds(deps.logRedis, shard.shardId, options.idScope === 'shard' ? undefined : partition);
  }

  async #addIds(ids: RestoredIds, partition: number, since: number, upTo: string): Promise<void> {
    for await (const page of archivedIds(this.deps, { ...this.shard, partition }, since, upTo))
      await ids.add(page);
  }
}

/** A message that was taken before the loss is a repeat after it as well. */
function* messagesOf(page: readonly ArchivedRecord[], since: number): Generator<TakenMessage> {
  for (const { record, loggedAt, repeatKey = null } of page)
    if (record.k === 'e' && loggedAt >= since) yield { sourceId: record.s, messageId: record.id, repeatKey };
}
