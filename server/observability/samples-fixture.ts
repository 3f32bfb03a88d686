import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { MetricReading } from './metric-catalogue';

/** Keeps what is known of these readings as samples of one moment, for tests without the bulk writer's role. */
export async function writeSamples(
  { db }: Pick<Deps, 'db'>,
  workspaceId: string,
  at: number,
  readings: readonly MetricReading[],
): Promise<number> {
  const data = readings.flatMap(({ metric, dimension, value }) =>
    value === null ? [] : [{ workspaceId, metric, dimension, at: new Date(at), value }],
  );
  if (data.length === 0) return 0;
  const { count } = await withWorkspace(db, workspaceId, (tx) =>
    tx.metricSample.createMany({ data, skipDuplicates: true }),
  );
  return count;
}
