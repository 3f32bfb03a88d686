import { describe, expect, it } from 'vitest';
import type { Heartbeat } from '@/server/scaling';
import { OtherWorkers } from './other-workers';

const beat = (partitions: string[], leases: string[]): Heartbeat => ({
  group: 'main',
  worker: 'b',
  at: 0,
  partitions,
  loads: partitions.map(() => 0),
  leases,
});

describe('OtherWorkers', () => {
  it('knows what they hold now', () => {
    const others = new OtherWorkers();
    others.hear([beat(['1.3'], ['lease-67', 'lease-68'])], 0);
    expect([others.has('lease-68'), others.has('lease-69'), others.partitions]).toEqual([
      true,
      false,
      ['1.3'],
    ]);
    others.hear([], 300);
    expect([others.has('lease-68'), others.partitions]).toEqual([false, []]);
  });

  it('remembers for ten seconds what one that is gone worked on under a lease', () => {
    const others = new OtherWorkers();
    others.hear([beat(['1.3', '5.3', '1.4'], ['lease-67', 'lease-68'])], 0);
    others.hear([], 10_000);
    expect(others.workedOn('lease-67')).toEqual(['1.3', '5.3']);
    others.hear([], 10_300);
    expect(others.workedOn('lease-67')).toEqual([]);
  });
});
