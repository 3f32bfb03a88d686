import { describe, expect, it } from 'vitest';
import { partitionName } from '@/server/scaling';
import { LEASES, leaseOf } from './lease-name';

function leasesOf(shards: readonly number[], partitions: number): Set<string> {
  return new Set(
    shards.flatMap((shardId) =>
      Array.from({ length: partitions }, (_, partition) => leaseOf(partitionName(shardId, partition))),
    ),
  );
}

describe('leaseOf', () => {
  it('is one for each partition of a large shard', () => {
    expect(leasesOf([7], 256).size).toBe(256);
  });

  it('is one for each partition of four shards that follow each other', () => {
    expect(leasesOf([1, 2, 3, 4], 64).size).toBe(256);
  });

  it('does not grow with the shards', () => {
    const shards = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(leasesOf(shards, 64).size).toBe(LEASES);
  });

  it('names what is no partition', () => {
    expect(() => leaseOf('7')).toThrow('"7" is no partition.');
  });
});
