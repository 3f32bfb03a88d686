import type { Deps } from '@/server/platform/deps';
import { nextEntryId, STREAM_START } from '@/server/scaling';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import { evictionsSince } from '../state/eviction.repository';
import { archivedRecords, type LogPlace } from './archived-log.repository';
import { type LogProcessor, PartitionReplay, ReplayPoison } from './partition-replay';

export interface ReplayPlace extends LogPlace {
  partitions: number;
}

/** More records that throw than this speak of a broken processor, not of broken records. */
const MOST_POISON = 1_000;

/**
 * Takes a partition on from a snapshot (or from nothing) by what history holds of its log, up to and with an entry. Records
 * that the processors throw at are passed over, as the stream passes them over.
 * @param movedAt see `ReplayedPast`; needed only where the facts it publishes are used
 */
export async function replayArchive(
  deps: Pick<Deps, 'db'>,
  place: ReplayPlace,
  snapshot: PartitionSnapshot | null,
  upTo: string,
  makeProcessor: () => LogProcessor,
  movedAt: ReadonlyMap<string, number> = new Map(),
): Promise<PartitionReplay> {
  const evictions = await evictionsSince(deps, place, new Date(snapshot?.takenAt ?? 0));
  const past = { evictions, movedAt };
  const poison = new Set<string>();
  for (;;) {
    try {
      const replay = new PartitionReplay(place, snapshot, makeProcessor(), past);
      return await replayOnce(deps, place, replay, snapshot, upTo, poison);
    } catch (error) {
      if (!(error instanceof ReplayPoison) || poison.size >= MOST_POISON) throw error;
      poison.add(error.position);
    }
  }
}

async function replayOnce(
  deps: Pick<Deps, 'db'>,
  place: ReplayPlace,
  replay: PartitionReplay,
  snapshot: PartitionSnapshot | null,
  upTo: string,
  poison: ReadonlySet<string>,
): Promise<PartitionReplay> {
  const after = snapshot?.offset.id ?? STREAM_START;
  for await (const page of archivedRecords(deps, place, after, upTo)) replay.take(page, poison);
  replay.evictBefore(nextEntryId(upTo));
  replay.fire(`${upTo}/replayed`);
  return replay;
}
