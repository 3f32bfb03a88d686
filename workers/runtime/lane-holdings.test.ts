import { describe, expect, it } from 'vitest';
import { HeldPartition } from './held-partition';
import { LaneHoldings } from './lane-holdings';
import { EMPTY_PARTITION } from './partition-fixture';
import { memoryOf } from './partition-memory';

/** A partition that was read up to an entry of one time, ms, with entries of these times at hand. */
function partition(
  shardId: number,
  number: number,
  readTo: number,
  pending: readonly number[] = [],
): HeldPartition {
  const held = new HeldPartition(shardId, number, '1', 0);
  const offset = { id: `${readTo}-0`, n: '0' };
  held.memory = memoryOf({ shardId, partition: number, partitions: 64 }, { ...EMPTY_PARTITION, offset });
  held.memory.pending = pending.map((at) => ({ id: `${at}-0`, records: '[]', eventsSoFar: 0 }));
  return held;
}

function holding(...partitions: HeldPartition[]): { holdings: LaneHoldings; order: () => string[] } {
  const holdings = new LaneHoldings();
  for (const held of partitions) holdings.add(held);
  return { holdings, order: () => holdings.inOrder(partitions).map(({ name }) => name) };
}

describe('the order in which partitions are served', () => {
  it('is, in a workspace, by how long the oldest record waits', () => {
    const hot = partition(1, 5, 900, [300, 400]);
    const { order } = holding(partition(1, 1, 800, [700]), partition(1, 2, 500), hot, partition(1, 3, 650));
    expect(order()).toEqual(['1.5', '1.2', '1.3', '1.1']);
    hot.memory?.pending.shift();
    expect(order()[0]).toBe('1.5');
    hot.memory?.pending.shift();
    expect(order()).toEqual(['1.2', '1.3', '1.1', '1.5']);
  });

  it('gives workspaces their turns, however far behind one of them is', () => {
    const [flooded, calm] = [partition(1, 1, 0, [1]), partition(2, 7, 0, [900])];
    const { holdings, order } = holding(flooded, partition(1, 2, 0, [2]), partition(1, 3, 0, [3]), calm);
    expect(order()).toEqual(['1.1', '2.7', '1.2', '1.3']);
    holdings.served(flooded);
    expect(order()).toEqual(['2.7', '1.1', '1.2', '1.3']);
    holdings.served(calm);
    expect(order()[0]).toBe('1.1');
  });

  it('lets others go before one whose step threw', () => {
    const broken = partition(1, 1, 100, [100]);
    const { order } = holding(broken, partition(1, 2, 0, [200]), partition(1, 3, 0, [600]));
    expect(order()).toEqual(['1.1', '1.2', '1.3']);
    broken.threwAt = 500;
    expect(order()).toEqual(['1.2', '1.1', '1.3']);
    broken.reset();
    expect(order()).toEqual(['1.2', '1.1', '1.3']);
    broken.threwAt = 0;
    expect(order()).toEqual(['1.1', '1.2', '1.3']);
  });
});
