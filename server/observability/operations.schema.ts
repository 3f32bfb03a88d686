import { z } from 'zod';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { METRIC_KEYS, type MetricKey } from './metric-catalogue';

/** A metric's value as the screen shows it. */
export interface FigureReading {
  value: number | null;
  /** ms: time of the newest data in it */
  at: number | null;
  /** why it is not known, incomplete, or no longer moving */
  reason: string | null;
}

/** Metrics whose course of the last quarter of an hour travels with each push. */
export const COURSE_METRICS = [
  'eventsPerSecond',
  'lagSeconds',
  'errorsPerMinute',
  'cartsAbandoned',
  'abandonmentRate',
] as const satisfies readonly MetricKey[];
export type CourseMetric = (typeof COURSE_METRICS)[number];

/** Step of a course and of the kept samples, ms. */
export const COURSE_STEP_MS = 10_000;
/** Points of a course: a quarter of an hour. */
export const COURSE_POINTS = 90;

export interface CoursePoint {
  at: number;
  value: number | null;
}

/** One line of the lag table, short because it is sent each second: see `lagRowOf`. */
export type LagRow = [
  shardId: number,
  partition: number,
  group: 'main' | 'archive',
  lagSeconds: number | null,
  backlog: number,
  owner: number,
];

export interface PlatformFigures {
  platform: string;
  eventsPerSecond: number | null;
  /** ms: when its newest event was counted; null: none since anybody watched */
  newestAt: number | null;
  cartsAbandoned: number | null;
  cartsConverted: number | null;
}

/** Where a shard of a workspace is. */
export interface ShardRegion {
  shardId: number;
  region: string;
}

export interface RegionFigures {
  region: string;
  eventsPerSecond: number | null;
  /** ms: when its newest event was counted; null: none since anybody watched */
  newestAt: number | null;
  lagSeconds: number | null;
  /** why the lag is not known */
  reason: string | null;
  errorsPerMinute: number | null;
}

/** Data of the room `operations`: whole with every push. */
export interface OperationsSnapshot {
  /** ms */
  computedAt: number;
  figures: Record<MetricKey, FigureReading>;
  courses: Record<CourseMetric, CoursePoint[]>;
  platforms: PlatformFigures[];
  sources: { sourceId: string; eventsPerSecond: number | null; newestAt: number | null }[];
  /** empty where the workspace has one region */
  regions: RegionFigures[];
  funnel: { step: string; reached: number; live: number }[];
  /** per second through each stage; null: not known yet */
  flow: Record<'appended' | 'processed' | 'archived' | 'deadLetters' | 'decisions', number | null>;
  lag: {
    /** ms of the reading; null: could not be read */
    at: number | null;
    /** of the workspace's shards */
    regions: ShardRegion[];
    /** names the rows point at; -1: nobody */
    owners: string[];
    rows: LagRow[];
  };
}

/** A span of history, in ms; at most 92 days, so that no request reads without bound. */
const LONGEST_SPAN_MS = 92 * 86_400_000;
export const historyInput = z
  .strictObject({
    metrics: z.array(z.enum(METRIC_KEYS)).min(1).max(6),
    dimension: z.string().max(120).default(''),
    from: instantMsSchema,
    to: instantMsSchema,
    /** most points a series may have */
    points: z.number().int().min(10).max(2_000).default(600),
  })
  .refine(
    ({ from, to }) => to > from && to - from <= LONGEST_SPAN_MS,
    'The span must be positive and at most 92 days.',
  );
export type HistoryInput = z.output<typeof historyInput>;

export const usualInput = z.strictObject({ metrics: z.array(z.enum(METRIC_KEYS)).min(1).max(6) });

/** What is usual for a metric at this hour: the middle four fifths of what was seen. */
export interface UsualBand {
  low: number;
  high: number;
  samples: number;
  /** what it was taken from, in plain words */
  basis: string;
}

export interface HistorySeries {
  metric: MetricKey;
  points: CoursePoint[];
}
