import type { PartitionSnapshot } from './partition-snapshot';
import { snapshotPrefix } from './partition-snapshot';
import type { SnapshotKeeping } from './snapshot-settings.connector';

/**
 * The newest snapshot of a partition that opens: one that was cut off or is under another key is passed over for the one
 * before. Found by the store alone, so that it needs no database. Null: there is none.
 * @param isWanted others are passed over as well
 */
export async function newestSnapshot(
  { store, codec }: SnapshotKeeping,
  { shardId, partition }: { shardId: number; partition: number },
  isWanted: (snapshot: PartitionSnapshot) => boolean = () => true,
): Promise<PartitionSnapshot | null> {
  const names = await store.list(snapshotPrefix(shardId, partition));
  for (const name of names.reverse()) {
    const bytes = await store.get(name);
    if (bytes === null) continue;
    const snapshot = await codec.decode(name, bytes).catch(() => null);
    if (snapshot !== null && isWanted(snapshot)) return snapshot;
  }
  return null;
}
