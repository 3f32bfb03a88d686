import type { CounterWindow, PartitionCounters } from './counter-window';
import type { LagReading } from './lag-reading';
import type { MetricKey, MetricReading } from './metric-catalogue';
import {
  COURSE_METRICS,
  COURSE_POINTS,
  COURSE_STEP_MS,
  type CourseMetric,
  type CoursePoint,
  type FigureReading,
  type LagRow,
  type OperationsSnapshot,
  type PlatformFigures,
  type RegionFigures,
} from './operations.schema';

const FLOW_SECONDS = 10;

export interface SnapshotInputs {
  /** ms */
  now: number;
  readings: readonly MetricReading[];
  partitions: readonly PartitionCounters[];
  courses: OperationsSnapshot['courses'];
  counters: CounterWindow;
  flow: CounterWindow;
  lag: { at: number; regions: OperationsSnapshot['lag']['regions']; readings: readonly LagReading[] } | null;
}

/** The Operations screen's data, from readings and counts as of one moment. Pure. */
export function snapshotOf(inputs: SnapshotInputs): OperationsSnapshot {
  const { now, readings, counters, flow } = inputs;
  const rate = (window: CounterWindow, name: string) => window.rate(name, FLOW_SECONDS, now);
  return {
    computedAt: now,
    figures: figuresOf(readings),
    courses: inputs.courses,
    platforms: platformsOf(readings),
    sources: readings
      .filter((each) => each.dimension.startsWith('source='))
      .map(({ dimension, value, at }) => ({
        sourceId: dimension.slice('source='.length),
        eventsPerSecond: value,
        newestAt: at,
      })),
    regions: regionsOf(readings),
    funnel: funnelOf(inputs.partitions),
    flow: {
      appended: rate(flow, 'appended'),
      processed: rate(flow, 'processed'),
      archived: rate(flow, 'archived'),
      deadLetters: rate(flow, 'deadLetters'),
      decisions: rate(counters, 'decisions'),
    },
    lag: lagOf(inputs.lag),
  };
}

function figuresOf(readings: readonly MetricReading[]): Record<MetricKey, FigureReading> {
  const figures: Partial<Record<MetricKey, FigureReading>> = {};
  for (const { metric, dimension, value, at, reason } of readings) {
    if (dimension === '') figures[metric] = { value, at, reason };
  }
  return figures as Record<MetricKey, FigureReading>;
}

function platformsOf(readings: readonly MetricReading[]): PlatformFigures[] {
  const found = new Map<string, PlatformFigures>();
  for (const { metric, dimension, value, at } of readings) {
    if (!dimension.startsWith('platform=')) continue;
    const platform = dimension.slice('platform='.length);
    const figures = found.get(platform) ?? {
      platform,
      eventsPerSecond: null,
      newestAt: null,
      cartsAbandoned: null,
      cartsConverted: null,
    };
    if (metric === 'eventsPerSecond' || metric === 'cartsAbandoned' || metric === 'cartsConverted') {
      figures[metric] = value;
    }
    if (metric === 'eventsPerSecond') figures.newestAt = at;
    found.set(platform, figures);
  }
  return [...found.values()];
}

function regionsOf(readings: readonly MetricReading[]): RegionFigures[] {
  const found = new Map<string, RegionFigures>();
  for (const { metric, dimension, value, at, reason } of readings) {
    if (!dimension.startsWith('region=')) continue;
    const region = dimension.slice('region='.length);
    const figures = found.get(region) ?? {
      region,
      eventsPerSecond: null,
      newestAt: null,
      lagSeconds: null,
      reason: null,
      errorsPerMinute: null,
    };
    if (metric === 'eventsPerSecond') Object.assign(figures, { eventsPerSecond: value, newestAt: at });
    if (metric === 'lagSeconds') Object.assign(figures, { lagSeconds: value, reason });
    if (metric === 'errorsPerMinute') figures.errorsPerMinute = value;
    found.set(region, figures);
  }
  return [...found.values()];
}

/** Steps of visits of all partitions, the widest first: that is their order. */
function funnelOf(partitions: readonly PartitionCounters[]): OperationsSnapshot['funnel'] {
  const sums = new Map<string, { step: string; reached: number; live: number }>();
  for (const { values } of partitions) {
    for (const [step, { reached, live }] of Object.entries(values.funnel)) {
      const sum = sums.get(step) ?? { step, reached: 0, live: 0 };
      sum.reached += reached;
      sum.live += live;
      sums.set(step, sum);
    }
  }
  return [...sums.values()];
}

function lagOf(lag: SnapshotInputs['lag']): OperationsSnapshot['lag'] {
  if (lag === null) return { at: null, regions: [], owners: [], rows: [] };
  const owners: string[] = [];
  const rows = lag.readings.map((reading): LagRow => {
    let owner = -1;
    if (reading.owner !== null) {
      owner = owners.indexOf(reading.owner);
      if (owner < 0) owner = owners.push(reading.owner) - 1;
    }
    const seconds = reading.lagSeconds === null ? null : Math.round(reading.lagSeconds * 100) / 100;
    return [reading.shardId, reading.partition, reading.group, seconds, reading.backlog, owner];
  });
  return { at: lag.at, regions: lag.regions, owners, rows };
}

/** Courses of the last quarter of an hour, a point every ten seconds. */
export class CourseKeeper {
  #courses = new Map<CourseMetric, CoursePoint[]>(COURSE_METRICS.map((metric) => [metric, []]));

  /** Fills the time before somebody looked from the kept samples. */
  seed(metric: CourseMetric, points: readonly CoursePoint[]): void {
    const kept = this.#courses.get(metric) ?? [];
    const first = kept[0]?.at ?? Number.POSITIVE_INFINITY;
    this.#courses.set(metric, [...points.filter((point) => point.at < first), ...kept].slice(-COURSE_POINTS));
  }

  /** Adds a point when a step has passed since the last one. */
  note(now: number, readings: readonly MetricReading[]): void {
    const step = Math.floor(now / COURSE_STEP_MS) * COURSE_STEP_MS;
    for (const { metric, dimension, value } of readings) {
      const course = dimension === '' ? this.#courses.get(metric as CourseMetric) : undefined;
      if (!course || (course.at(-1)?.at ?? 0) >= step) continue;
      course.push({ at: step, value: value === null ? null : Math.round(value * 1_000) / 1_000 });
      while (course.length > COURSE_POINTS) course.shift();
    }
  }

  get(now: number): OperationsSnapshot['courses'] {
    const since = now - COURSE_POINTS * COURSE_STEP_MS;
    const found: Partial<OperationsSnapshot['courses']> = {};
    for (const [metric, course] of this.#courses) found[metric] = course.filter((point) => point.at >= since);
    return found as OperationsSnapshot['courses'];
  }
}
