import { describe, expect, it } from 'vitest';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import type { PartitionCounters } from './counter-window';
import { type LagReading, worstLag } from './lag-reading';
import type { MetricReading } from './metric-catalogue';
import { OperationsSampler, type SamplerPorts } from './operations-sampler';

const START = 1_800_000_000_000;

function partition(id: number, values: Partial<PartitionAggregates>): PartitionCounters {
  const empty = { at: 0, counters: {}, byPlatform: {}, bySource: {}, gauges: {}, money: {}, funnel: {} };
  return { shardId: 1, partition: id, values: { ...empty, ...values } };
}
const lag = (id: number, lagSeconds: number | null, backlog = 0, owner: string | null = 'w1'): LagReading => {
  return { shardId: 1, group: 'main', partition: id, lagSeconds, backlog, owner };
};

class Bench {
  now = START;
  lag: LagReading[] | Error = [lag(0, 0)];
  shared: { at: number; readings: MetricReading[] } | null = null;
  sampler: OperationsSampler;

  constructor(ports: Partial<SamplerPorts> = {}) {
    this.sampler = new OperationsSampler({
      now: () => this.now,
      currency: 'USD',
      readLag: async () => {
        if (this.lag instanceof Error) throw this.lag;
        return { regions: [{ shardId: 1, region: 'eu-central' }], readings: this.lag };
      },
      readFlow: async () => [],
      readShared: async () => this.shared,
      readCourse: async () => [],
      onError: () => undefined,
      ...ports,
    });
  }

  /** Looks every quarter of a second, each time with the counters of that moment. */
  async run(seconds: number, at: (second: number) => PartitionCounters[]) {
    let snapshot = this.sampler.snapshot();
    for (let look = 1; look <= seconds * 4; look += 1) {
      this.now += 250;
      snapshot = this.sampler.sample(at(look / 4));
      await Promise.resolve();
      await Promise.resolve();
    }
    return snapshot;
  }
}

describe('OperationsSampler', () => {
  it('says that nothing is known before anything is', () => {
    const { figures, lag: lags } = new Bench().sampler.snapshot();
    expect(figures.eventsPerSecond).toMatchObject({ value: null, at: null });
    expect(figures.lagSeconds).toMatchObject({ value: null, reason: 'the log could not be read' });
    expect(figures.liveVisits.value).toBeNull();
    expect(lags.at).toBeNull();
  });

  it('turns growing counters into rates, by platform and source too', async () => {
    const bench = new Bench();
    const snapshot = await bench.run(12, (second) => {
      const events = 7_000 + Math.round(second * 40);
      return [
        partition(0, {
          at: START + second * 1_000,
          counters: { events },
          byPlatform: { web: { events } },
          bySource: { src_1: events },
          funnel: { visited: { reached: 5, live: 2 } },
        }),
      ];
    });
    expect(snapshot.figures.eventsPerSecond.value).toBeCloseTo(40, 0);
    expect(snapshot.figures.eventsPerSecond.at).toBe(START + 12_000);
    expect(snapshot.platforms[0]).toMatchObject({ platform: 'web' });
    expect(snapshot.platforms[0]?.eventsPerSecond).toBeCloseTo(40, 0);
    expect(snapshot.sources[0]?.sourceId).toBe('src_1');
    expect(snapshot.funnel).toEqual([{ step: 'visited', reached: 5, live: 2 }]);
    expect(snapshot.courses.eventsPerSecond.length).toBeGreaterThan(0);
  });

  it('keeps the age of the newest event when the feed stops, and says why it stands still', async () => {
    const bench = new Bench();
    const at = START + 2_000;
    const snapshot = await bench.run(20, (second) => [
      partition(0, { at, counters: { events: 100 + Math.min(2, second) * 50 } }),
    ]);
    expect(snapshot.figures.eventsPerSecond).toMatchObject({
      value: 0,
      at,
      reason: 'no event has come since',
    });
  });

  it('keeps the age of each feed apart: one that stops grows old while the others go on', async () => {
    const bench = new Bench();
    const snapshot = await bench.run(20, (second) => {
      const app = 50 + Math.min(4, second) * 10;
      const shop = 100 + second * 10;
      return [
        partition(0, {
          at: START + second * 1_000,
          counters: { events: app + shop },
          byPlatform: { ios: { events: app }, web: { events: shop } },
          bySource: { app, shop },
        }),
      ];
    });
    const ages = { app: START + 4_000, shop: START + 20_000 };
    for (const { sourceId, newestAt } of snapshot.sources)
      expect(newestAt).toBe(ages[sourceId as keyof typeof ages]);
    expect(snapshot.platforms.find(({ platform }) => platform === 'ios')).toMatchObject({
      eventsPerSecond: 0,
      newestAt: ages.app,
    });
  });

  it('takes the age of a feed that was silent all along from the process that never stops counting', async () => {
    const bench = new Bench();
    const reading = {
      metric: 'eventsPerSecond',
      dimension: 'source=app',
      value: 0,
      at: START,
      reason: null,
    } as const;
    bench.shared = { at: START + 4_000, readings: [reading] };
    const snapshot = await bench.run(4, () => [
      partition(0, { counters: { events: 9 }, bySource: { app: 9 } }),
    ]);
    expect(snapshot.sources).toEqual([{ sourceId: 'app', eventsPerSecond: 0, newestAt: START }]);
  });

  it('forgets a lag that can no longer be read', async () => {
    const bench = new Bench();
    await bench.run(3, () => []);
    bench.lag = new Error('away');
    const snapshot = await bench.run(5, () => []);
    expect(snapshot.figures.lagSeconds.value).toBeNull();
    expect(snapshot.lag.at).toBeNull();
  });

  it('shows the longer windows of the process that never stops counting', async () => {
    const bench = new Bench();
    const reading = { metric: 'cartsAbandoned', dimension: '', value: 42, at: START, reason: null } as const;
    bench.shared = { at: START + 4_000, readings: [reading] };
    const snapshot = await bench.run(4, () => [partition(0, { counters: { events: 1 } })]);
    expect(snapshot.figures.cartsAbandoned.value).toBe(42);
    const later = await bench.run(10, () => [partition(0, { counters: { events: 1 } })]);
    expect(later.figures.cartsAbandoned.value).not.toBe(42);
  });
});

describe('worstLag', () => {
  it('takes the partition furthest behind', () => {
    expect(worstLag([lag(0, 1), lag(1, 7.5, 3), lag(2, 0)])).toEqual({ seconds: 7.5, reason: null });
  });
  it('never takes what is not known for zero', () => {
    expect(worstLag([lag(0, null, 0, null)])).toMatchObject({ seconds: null });
    expect(worstLag([lag(0, 3, 9, null), lag(1, null, 0, null)]).reason).toBe(
      '1 partition with a backlog and no worker',
    );
  });
});
