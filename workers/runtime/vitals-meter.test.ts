import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { plainEvent } from '@/server/event-log/event-fixture';
import type { PartitionBatch } from './partition-batch';
import { VitalsMeter } from './vitals-meter';

function batchOf(
  partition: number,
  customers: readonly string[],
  denied: readonly string[] = [],
): PartitionBatch {
  const consent = new Map(denied.map((customer) => [customer, { denied: ['profiling'], v: 1 }]));
  const half = Math.floor(customers.length / 2);
  const entries = [customers.slice(0, half), customers.slice(half)].map((part) => ({
    records: part.map((customer) => plainEvent(customer, customer)),
  }));
  return {
    memory: { set: { shardId: 1, partition, consent } },
    entries,
    records: customers.length,
  } as unknown as PartitionBatch;
}

const repeat = (customer: string, times: number) => Array.from({ length: times }, () => customer);

/** A meter whose clock is moved by hand. */
function testMeter() {
  const clock = { now: 1_000_000 };
  return { clock, meter: new VitalsMeter(() => clock.now, 'Redis') };
}

describe('the load of a worker', () => {
  it('tells rates, handler time and the customers behind it, per partition', () => {
    const { clock, meter } = testMeter();
    meter.take();
    clock.now += 1_000;
    const many = [...repeat('hot', 900), ...Array.from({ length: 100 }, (_, i) => `c${i}`)];
    meter.handled(batchOf(3, many), 250);
    meter.handled(batchOf(4, ['a', 'b']), 1);
    clock.now += 1_000;
    const load = meter.take();
    expect(load.windowSeconds).toBe(2);
    expect(load.handlerShare).toBeCloseTo(0.1255);
    expect(load.msPerEvent).toBeCloseTo(251 / 1_002);
    expect(load.partitions['1.3']?.perSecond).toBe(500);
    const [key, share] = load.partitions['1.3']?.hot[0] ?? ['', 0];
    expect(key).toBe('hot');
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThanOrEqual(1);
    expect(load.partitions['1.4']?.hot.map(([name]) => name).sort()).toEqual(['a', 'b']);
  });

  it('forgets what is older than its window, and needs no more memory for more customers', () => {
    const { clock, meter } = testMeter();
    for (let second = 0; second < 30; second += 1) {
      meter.handled(
        batchOf(
          3,
          Array.from({ length: 500 }, (_, i) => `${second}-${i}`),
        ),
        5,
      );
      clock.now += 1_000;
      expect(meter.take().windowSeconds).toBeLessThanOrEqual(13);
    }
    clock.now += 20_000;
    const load = meter.take();
    expect(load.partitions).toEqual({});
    expect(load.msPerEvent).toBeNull();
  });

  it('never tells the key of a customer who opted out', () => {
    const { clock, meter } = testMeter();
    meter.handled(batchOf(3, repeat('leaver', 50), ['leaver']), 5);
    clock.now += 1_000;
    const load = meter.take();
    expect(JSON.stringify(load)).not.toContain('leaver');
    expect(load.partitions['1.3']?.hot[0]?.[0]).toBe('');
  });

  it('learns what is usual while it keeps up, and not from what overloads it', () => {
    const { clock, meter } = testMeter();
    const second = (msPerEvent: number, events: number) => {
      meter.handled(batchOf(3, repeat('a', events)), msPerEvent * events);
      clock.now += 1_000;
      return meter.take();
    };
    for (let i = 0; i < 20; i += 1) second(1, 100);
    expect(meter.take().usualMsPerEvent).toBeCloseTo(1);
    for (let i = 0; i < 20; i += 1) second(10, 95);
    const load = second(10, 95);
    expect(load.msPerEvent).toBeCloseTo(10);
    expect(load.usualMsPerEvent).toBeLessThan(3);
  });

  it('counts as waiting what passes idle until the store answers, also while it has not', async () => {
    const meter = new VitalsMeter(Date.now, 'Postgres');
    const lane = meter.lane();
    meter.take();
    const idleMs = () => performance.eventLoopUtilization().idle;
    const before = idleMs();
    let answer: () => void = () => undefined;
    const waiting = lane.wait(
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
    );
    // However busy the machine is: until so much of the time was really idle.
    while (idleMs() - before < 100) await pause(20);
    const least = idleMs() - before;
    const during = meter.take();
    const most = idleMs() - before;
    expect(during.waitingMs).toBeGreaterThan(least - 1);
    expect(during.waitingMs).toBeLessThan(most + 1);
    expect(during.waitShare).toBeCloseTo(during.waitingMs / (during.windowSeconds * 1_000), 5);
    answer();
    await waiting;
    expect(meter.take().waitingMs).toBe(0);
  });

  it('does not take work of its own for waiting', async () => {
    const meter = new VitalsMeter(Date.now, 'Redis');
    const lane = meter.lane();
    meter.take();
    await lane.wait(
      new Promise<void>((resolve) => {
        setImmediate(() => {
          for (const until = Date.now() + 120; Date.now() < until; );
          resolve();
        });
      }),
    );
    expect(meter.take().waitShare).toBeLessThan(0.5);
  });
});
