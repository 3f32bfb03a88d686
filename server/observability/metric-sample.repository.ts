import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { MetricReading } from './metric-catalogue';

type Db = Pick<Deps, 'db'>;

export interface SampleRow {
  metric: string;
  /** ms */
  at: number;
  value: number;
}

/** What is read of a workspace, for one moment. */
export interface WorkspaceSample {
  workspaceId: string;
  /** ms */
  at: number;
  readings: readonly MetricReading[];
}

/**
 * Keeps what is known of many workspaces' readings in one statement. A moment that was kept already stays as it is.
 * @param bulk of the bulk writer's role, which may only add, and to any workspace
 */
export async function writeSamplesOfMany(
  bulk: Deps['db'],
  samples: readonly WorkspaceSample[],
): Promise<number> {
  const rows = samples.flatMap(({ workspaceId, at, readings }) =>
    readings.flatMap(({ metric, dimension, value }) =>
      value === null ? [] : [{ workspaceId, metric, dimension, at, value }],
    ),
  );
  if (rows.length === 0) return 0;
  return bulk.$executeRaw`
    INSERT INTO metric_samples (workspace_id, metric, dimension, at, value)
    SELECT workspace_id, metric, dimension, to_timestamp(at / 1000), value
    FROM unnest(${rows.map((row) => row.workspaceId)}::text[], ${rows.map((row) => row.metric)}::text[],
                ${rows.map((row) => row.dimension)}::text[], ${rows.map((row) => row.at)}::float8[],
                ${rows.map((row) => row.value)}::float8[]) AS told(workspace_id, metric, dimension, at, value)
    ON CONFLICT DO NOTHING`;
}

export interface SamplesQuery {
  metrics: readonly string[];
  dimension: string;
  /** ms, inclusive */
  from: number;
  /** ms, exclusive */
  to: number;
  /** width of a step in ms: the mean of each is returned */
  stepMs: number;
}

/** Mean per step of each metric, oldest first. Steps without a sample are absent. */
export async function readSamples(
  { db }: Db,
  workspaceId: string,
  query: SamplesQuery,
): Promise<SampleRow[]> {
  const { metrics, dimension, from, to, stepMs } = query;
  const rows = await withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<{ metric: string; step: bigint; value: number }[]>`
      SELECT metric,
             floor(extract(epoch FROM at) * 1000 / ${stepMs}::float8)::bigint AS step,
             avg(value)::float8 AS value
      FROM metric_samples
      WHERE workspace_id = ${workspaceId} AND metric = ANY(${[...metrics]}) AND dimension = ${dimension}
        AND at >= ${new Date(from)} AND at < ${new Date(to)}
      GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return rows.map(({ metric, step, value }) => ({ metric, at: Number(step) * stepMs, value }));
}

/** The greatest sample of each metric (of the whole) in a span, ms; metrics without one are absent. */
export async function greatestSamples(
  { db }: Db,
  workspaceId: string,
  metrics: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, number>> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.metricSample.groupBy({
      by: ['metric'],
      where: {
        workspaceId,
        metric: { in: [...metrics] },
        dimension: '',
        at: { gte: new Date(from), lt: new Date(to) },
      },
      _max: { value: true },
    }),
  );
  return new Map(rows.flatMap(({ metric, _max }) => (_max.value === null ? [] : [[metric, _max.value]])));
}

export interface SpreadRow {
  metric: string;
  low: number;
  high: number;
  samples: number;
}

/**
 * The middle four fifths of a metric's samples: those of the same hour of the week (UTC) when `sameHourOfWeek`, else
 * all since `from`.
 */
export async function readSpread(
  { db }: Db,
  workspaceId: string,
  query: { metrics: readonly string[]; from: number; to: number; sameHourOfWeek: boolean },
): Promise<SpreadRow[]> {
  const { metrics, from, to, sameHourOfWeek } = query;
  const rows = await withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<{ metric: string; low: number; high: number; samples: bigint }[]>`
      SELECT metric,
             percentile_cont(0.1) WITHIN GROUP (ORDER BY value) AS low,
             percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS high,
             count(*) AS samples
      FROM metric_samples
      WHERE workspace_id = ${workspaceId} AND metric = ANY(${[...metrics]}) AND dimension = ''
        AND at >= ${new Date(from)} AND at < ${new Date(to)}
        AND (NOT ${sameHourOfWeek} OR to_char(at AT TIME ZONE 'UTC', 'ID HH24')
             = to_char(${new Date(to)}::timestamptz AT TIME ZONE 'UTC', 'ID HH24'))
      GROUP BY metric`,
  );
  return rows.map((row) => ({ ...row, samples: Number(row.samples) }));
}
