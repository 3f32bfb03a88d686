import { describe, expect, it } from 'vitest';
import type { LagBoardRow } from '@/server/scaling/lag-board.schema';
import { rowsByRegion } from './rows-by-region';

const row = (shardId: number, partition: number) => ({ shardId, partition }) as LagBoardRow;
const rows = [row(1, 0), row(1, 1), row(4, 0), row(4, 1)];
const central = { shardId: 1, region: 'eu-central' };

describe('rows by region', () => {
  it('are one group without a name where there is one region', () => {
    expect(rowsByRegion(rows.slice(0, 2), [central])).toEqual([{ region: null, rows: rows.slice(0, 2) }]);
  });

  it('stand under the names of two regions, in which partitions have the same numbers', () => {
    expect(rowsByRegion(rows, [central, { shardId: 4, region: 'us-east' }])).toEqual([
      { region: 'eu-central', rows: rows.slice(0, 2) },
      { region: 'us-east', rows: rows.slice(2) },
    ]);
  });

  it('stand under the number of a shard whose region is not told yet', () => {
    const regions = [central, { shardId: 2, region: 'us-east' }];
    expect(rowsByRegion(rows, regions).map(({ region }) => region)).toEqual(['eu-central', 'shard 4']);
  });
});
