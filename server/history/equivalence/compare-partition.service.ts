import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { compareEntryIds, STREAM_START } from '@/server/scaling';
import { archivedMoves, type Moves } from '../recovery/archived-moves.repository';
import { bareProcessor } from '../recovery/bare-processor';
import { caughtUp } from '../recovery/caught-up.service';
import type { LogProcessor } from '../recovery/partition-replay';
import { replayArchive } from '../recovery/replay-archive.service';
import { ReplayOutputs } from '../recovery/replay-outputs';
import { newestSnapshot } from '../snapshots/newest-snapshot.service';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import { MOST_UNARCHIVED, readPartitionSnapshot } from '../snapshots/partition-snapshot.repository';
import type { SnapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { settingsChangedAt } from '../state/settings-change.repository';
import { compareFacts } from './compare-facts.service';
import { compareStates } from './compare-states';
import type { ComparedPartition } from './equivalence.schema';

type Compared = Omit<ComparedPartition, 'shardId' | 'region' | 'partition' | 'drawn' | 'runningMsPerRecord'>;

const MOST_OF_REASON = 300;

const NOT_COMPARED: Compared = {
  verdict: 'notCompared',
  reason: null,
  offset: null,
  snapshotAt: null,
  records: 0,
  replayMs: null,
  states: null,
  facts: null,
};

export interface ShardComparisonOptions {
  keeping: SnapshotKeeping;
  /** the build that is judged; without, this one */
  processorOf?(shard: ShardDescription): LogProcessor;
}

/** Compares partitions of one shard; what is the same for all of them is read once. Only reads, but for the memory it fills. */
export class ShardComparison {
  private constructor(
    private readonly deps: Deps,
    private readonly shard: ShardDescription,
    private readonly options: ShardComparisonOptions,
    private readonly moves: Moves,
  ) {}

  static async open(
    deps: Deps,
    shard: ShardDescription,
    options: ShardComparisonOptions,
  ): Promise<ShardComparison> {
    return new ShardComparison(deps, shard, options, await archivedMoves(deps, shard));
  }

  /**
   * Rebuilds a partition from a snapshot and what history holds after it, and compares it with what the running build
   * holds at the same entry. What differs is looked at once more from the beginning: a customer who left by age in
   * between would differ for the moment alone.
   */
  async compare(partition: number): Promise<Compared> {
    try {
      const first = await this.#compareOnce(partition);
      return first.verdict === 'differs' ? await this.#compareOnce(partition) : first;
    } catch (error) {
      const why = error instanceof Error ? error.message.slice(0, MOST_OF_REASON) : 'unknown';
      return { ...NOT_COMPARED, reason: `It could not be rebuilt: ${why}` };
    }
  }

  async #compareOnce(partition: number): Promise<Compared> {
    const { deps, shard } = this;
    const place = { shardId: shard.shardId, partition };
    const { snapshot: running } = await readPartitionSnapshot(deps.logRedis, place, deps.now);
    const offset = running.offset.id ?? STREAM_START;
    const snapshot = await newestSnapshot(this.options.keeping, place, (one) =>
      isBefore(one.offset.id ?? STREAM_START, offset),
    );
    const reason = snapshot === null ? NOTHING_BEHIND : await this.#reasonNot(snapshot, running, offset);
    if (snapshot === null || reason !== null) return { ...NOT_COMPARED, reason, offset };
    return this.#rebuildAndCompare(snapshot, running, offset);
  }

  async #reasonNot(
    snapshot: PartitionSnapshot,
    running: PartitionSnapshot,
    offset: string,
  ): Promise<string | null> {
    const { deps, shard } = this;
    if ((await settingsChangedAt(deps, shard)) >= snapshot.takenAt)
      return 'Gaps or lateness were set anew since the snapshot; wait for the next ones.';
    const reached = { log: offset, out: running.out.at(-1)?.[0] };
    const isThere = await caughtUp(deps, shard.shardId, running.partition, reached);
    return isThere ? null : 'History was too far behind to compare.';
  }

  async #rebuildAndCompare(
    snapshot: PartitionSnapshot,
    running: PartitionSnapshot,
    offset: string,
  ): Promise<Compared> {
    const { deps, shard, options, moves } = this;
    const place = { ...shard, partition: running.partition };
    const began = performance.now();
    const makeProcessor = () => (options.processorOf ?? bareProcessor)(shard);
    const replay = await replayArchive(deps, place, snapshot, offset, makeProcessor, {
      movedAt: moves.get(running.partition),
      outputs: () => new ReplayOutputs(),
    });
    const rebuilt = { ...replay.texts(), redirects: replay.redirects() };
    const replayMs = performance.now() - began;
    const states = compareStates(rebuilt, running, replay.set.changedStates);
    const reason = reasonWithoutFacts(running);
    const facts =
      reason === null && replay.outputs !== undefined
        ? await compareFacts(deps, place, replay.outputs.facts, placeOf(snapshot), placeOf(running))
        : null;
    const isEqual = states.different === 0 && (facts?.different ?? 0) === 0;
    return {
      verdict: isEqual ? 'equivalent' : 'differs',
      reason,
      offset,
      snapshotAt: snapshot.takenAt,
      records: replay.records,
      replayMs,
      states,
      facts,
    };
  }
}

const NOTHING_BEHIND = 'No snapshot of it has events behind it yet.';

const isBefore = (a: string, b: string) => compareEntryIds(a, b) < 0;

function placeOf({ offset, sequence }: PartitionSnapshot) {
  return { offset: offset.id ?? STREAM_START, sequence: Number(sequence ?? 0) };
}

/** A rebuilt partition has fired all its timers; the running one does so a commit later. */
function reasonWithoutFacts({ timers, clock, out }: PartitionSnapshot): string | null {
  if (out.length >= MOST_UNARCHIVED) return 'Facts not compared: too many had not reached history.';
  const now = Math.max(
    Number(clock.newest ?? Number.NEGATIVE_INFINITY),
    Number(clock.tick ?? Number.NEGATIVE_INFINITY),
  );
  for (let at = 1; at < timers.length; at += 2)
    if (Number(timers[at]) <= now) return 'Facts not compared: timers were due at that moment.';
  return null;
}
