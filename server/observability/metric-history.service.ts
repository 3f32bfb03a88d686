import { DAY_MS, HOUR_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import type { MetricKey } from './metric-catalogue';
import { readSamples, readSpread, type SpreadRow } from './metric-sample.repository';
import {
  COURSE_POINTS,
  COURSE_STEP_MS,
  type CourseMetric,
  type CoursePoint,
  type HistoryInput,
  type HistorySeries,
  type UsualBand,
} from './operations.schema';

type HistoryDeps = Pick<Deps, 'db' | 'now'>;

/** Fewer samples than this say nothing about what is usual: half an hour of them. */
const FEWEST_SAMPLES = 180;
const WEEKS_BACK = 8;
/** The present must not count as usual. */
const LEAVE_OUT_MS = 15 * 60_000;

/** Steps are whole multiples of the sampling, so that means have the same number of samples in them. */
export function stepFor(from: number, to: number, points: number): number {
  return Math.max(1, Math.ceil((to - from) / points / COURSE_STEP_MS)) * COURSE_STEP_MS;
}

/**
 * History of metrics from the kept samples, thinned to at most `points` means each. A step without a sample is a null:
 * a gap, never a zero.
 */
export async function metricHistory(
  deps: HistoryDeps,
  workspaceId: string,
  input: HistoryInput,
): Promise<{ stepMs: number; series: HistorySeries[] }> {
  const stepMs = stepFor(input.from, input.to, input.points);
  const rows = await readSamples(deps, workspaceId, { ...input, stepMs });
  const byMetric = Map.groupBy(rows, (row) => row.metric);
  const series = input.metrics.map((metric) => ({
    metric,
    points: withGaps(byMetric.get(metric) ?? [], stepMs),
  }));
  return { stepMs, series };
}

/** Puts one null where samples are missing, so that no line is drawn over what is not known. */
export function withGaps(rows: readonly { at: number; value: number }[], stepMs: number): CoursePoint[] {
  const points: CoursePoint[] = [];
  for (const { at, value } of rows) {
    const last = points.at(-1);
    if (last && at - last.at > 2 * stepMs) points.push({ at: last.at + stepMs, value: null });
    points.push({ at, value });
  }
  return points;
}

/** The last quarter of an hour of one metric, for the course beside its figure. */
export async function recentCourse(
  deps: HistoryDeps,
  workspaceId: string,
  metric: CourseMetric,
): Promise<CoursePoint[]> {
  const to = deps.now();
  const from = to - COURSE_POINTS * COURSE_STEP_MS;
  const query = { metrics: [metric], dimension: '', from, to, stepMs: COURSE_STEP_MS };
  return withGaps(await readSamples(deps, workspaceId, query), COURSE_STEP_MS);
}

/**
 * What is usual for metrics now: by the same hour of the week over eight weeks where there is enough of it, else over
 * the last day. A metric without enough history is absent.
 */
export async function usualBands(
  deps: HistoryDeps,
  workspaceId: string,
  metrics: readonly MetricKey[],
): Promise<Partial<Record<MetricKey, UsualBand>>> {
  const to = deps.now() - LEAVE_OUT_MS;
  const spread = (from: number, sameHourOfWeek: boolean) =>
    readSpread(deps, workspaceId, { metrics, from, to, sameHourOfWeek });
  const [weekly, daily] = await Promise.all([
    spread(to - WEEKS_BACK * 7 * DAY_MS - HOUR_MS, true),
    spread(to - DAY_MS, false),
  ]);
  const bands: Partial<Record<MetricKey, UsualBand>> = {};
  take(bands, daily, 'the last 24 h');
  take(bands, weekly, 'this hour of the week', 2 * FEWEST_SAMPLES + 1);
  return bands;
}

function take(
  bands: Partial<Record<MetricKey, UsualBand>>,
  rows: readonly SpreadRow[],
  basis: string,
  fewest = FEWEST_SAMPLES,
): void {
  for (const { metric, low, high, samples } of rows) {
    if (samples >= fewest) bands[metric as MetricKey] = { low, high, samples, basis };
  }
}
