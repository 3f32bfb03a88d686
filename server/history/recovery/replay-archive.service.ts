import type { Deps } from '@/server/platform/deps';
import { nextEntryId, STREAM_START } from '@/server/scaling';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import { evictionsSince } from '../state/eviction.repository';
import { type ArchivedRecord, archivedRecords, type LogPlace } from './archived-log.repository';
import { type LogProcessor, PartitionReplay, ReplayPoison } from './partition-replay';
import type { ReplayOutputs } from './replay-outputs';

export interface ReplayPlace extends LogPlace {
  partitions: number;
}

export interface WantedOfReplay {
  /** see `ReplayedPast`; needed only where the facts it publishes are used */
  movedAt?: ReadonlyMap<string, number>;
  /** makes what takes the outputs of one attempt */
  outputs?(): ReplayOutputs;
  /** told of every page once it is stepped; again when an attempt begins anew */
  follow?(page: readonly ArchivedRecord[]): Promise<void>;
}

/** More records that throw than this speak of a broken processor, not of broken records. */
const MOST_POISON = 1_000;

/**
 * Takes a partition on from a snapshot (or from nothing) by what history holds of its log, up to and with an entry. Records
 * that the processors throw at are passed over, as the stream passes them over.
 * @param wanted what else is made of it; without, nothing that it publishes is kept
 */
export async function replayArchive(
  deps: Pick<Deps, 'db'>,
  place: ReplayPlace,
  snapshot: PartitionSnapshot | null,
  upTo: string,
  makeProcessor: () => LogProcessor,
  wanted: WantedOfReplay = {},
): Promise<PartitionReplay> {
  const evictions = await evictionsSince(deps, place, new Date(snapshot?.takenAt ?? 0));
  const poison = new Set<string>();
  for (;;) {
    try {
      const past = { evictions, movedAt: wanted.movedAt, outputs: wanted.outputs?.() };
      const replay = new PartitionReplay(place, snapshot, makeProcessor(), past);
      const after = snapshot?.offset.id ?? STREAM_START;
      for await (const page of archivedRecords(deps, place, after, upTo)) {
        replay.take(page, poison);
        await wanted.follow?.(page);
      }
      replay.evictBefore(nextEntryId(upTo));
      replay.fire(`${upTo}/replayed`);
      return replay;
    } catch (error) {
      if (!(error instanceof ReplayPoison) || poison.size >= MOST_POISON) throw error;
      poison.add(error.position);
    }
  }
}
