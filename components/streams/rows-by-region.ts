import { regionNames } from '@/components/ui/region-names';
import type { LagBoardRow, ShardRegion } from '@/server/scaling/lag-board.schema';

export interface RegionRows {
  /** null: the workspace has one region, which need not be named */
  region: string | null;
  rows: LagBoardRow[];
}

/** Rows of each region by themselves: partition numbers begin anew in every one. */
export function rowsByRegion(rows: readonly LagBoardRow[], regions: readonly ShardRegion[]): RegionRows[] {
  const nameOf = regionNames(regions);
  if (nameOf === null) return [{ region: null, rows: [...rows] }];
  const groups = Map.groupBy(rows, ({ shardId }) => shardId);
  return [...groups].map(([shardId, own]) => ({ region: nameOf(shardId), rows: own }));
}
