import { describe, expect, it } from 'vitest';
import type { WorkerLoad } from '@/server/scaling';
import { LeaseBalance } from './lease-balance';
import { LoadMeter } from './load-meter';

function worker(name: string, loads: readonly number[]): WorkerLoad {
  return { worker: name, partitions: loads.map((load, index) => ({ name: `${name}.${index}`, load })) };
}

describe('LeaseBalance', () => {
  it('gives to an empty worker at once, and keeps no hands for what it gives', () => {
    const { hands, give } = new LeaseBalance('a').decide(
      [worker('a', Array(8).fill(5)), worker('b', [])],
      0,
      0,
    );
    expect(give).toHaveLength(4);
    expect(hands).toBe(4);
  });

  it('lets a difference in load stand for ten seconds before it moves anything', () => {
    const balance = new LeaseBalance('a');
    const workers = [worker('a', [400, 400, 10]), worker('b', [10, 10, 10])];
    expect(balance.decide(workers, 0, 0).give).toEqual([]);
    expect(balance.decide(workers, 0, 9_900).give).toEqual([]);
    expect(balance.decide(workers, 0, 10_000).give).toHaveLength(1);
    expect(balance.decide(workers, 0, 10_300).give).toEqual([]);
  });

  it('forgets a difference that went away meanwhile', () => {
    const balance = new LeaseBalance('a');
    const uneven = [worker('a', [400, 400]), worker('b', [10, 10])];
    balance.decide(uneven, 0, 0);
    balance.decide([worker('a', [10, 10]), worker('b', [10, 10])], 0, 5_000);
    expect(balance.decide(uneven, 0, 10_000).give).toEqual([]);
  });

  it('has hands for its part of what waits, and moves nothing meanwhile', () => {
    const { hands, give } = new LeaseBalance('b').decide([worker('a', [5, 5, 5, 5]), worker('b', [])], 4, 0);
    expect(hands).toBe(4);
    expect(give).toEqual([]);
  });

  it('has hands to spare when all is level, so that what wakes up is taken at once', () => {
    expect(new LeaseBalance('a').decide([worker('a', [5])], 0, 0).hands).toBeGreaterThan(1);
  });
});

describe('LoadMeter', () => {
  const held = (events: number | null) => new Map([['1.0', events]]);

  it('measures events a second and smooths them over about ten seconds', () => {
    const meter = new LoadMeter();
    expect(meter.measure(held(100), 0)).toEqual([{ name: '1.0', load: 0 }]);
    expect(meter.measure(held(200), 1_000)).toEqual([{ name: '1.0', load: 100 }]);
    const [{ load: afterOne } = { load: 0 }] = meter.measure(held(200), 2_000);
    expect(afterOne).toBeCloseTo(100 * Math.exp(-0.1), 1);
    const [{ load: afterTen } = { load: 0 }] = meter.measure(held(200), 11_000);
    expect(afterTen).toBeCloseTo(100 / Math.E, 1);
  });

  it('starts from what the former holder told', () => {
    const meter = new LoadMeter();
    meter.hear([{ name: '1.0', load: 70 }]);
    expect(meter.measure(held(null), 0)).toEqual([{ name: '1.0', load: 70 }]);
    expect(meter.measure(held(5_000), 300)).toEqual([{ name: '1.0', load: 70 }]);
    const [{ load } = { load: 0 }] = meter.measure(held(5_021), 600);
    expect(load).toBeCloseTo(70, 1);
  });

  it('forgets a partition that was given up', () => {
    const meter = new LoadMeter();
    meter.measure(held(0), 0);
    meter.measure(held(100), 1_000);
    expect(meter.measure(new Map(), 2_000)).toEqual([]);
    expect(meter.measure(held(500), 3_000)).toEqual([{ name: '1.0', load: 0 }]);
  });
});
