'use client';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber, formatTime } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { type MetricKey, metricByKey } from '@/server/observability/metric-catalogue';
import type { CoursePoint } from '@/server/observability/operations.schema';

interface CourseRow {
  at: number;
  values: (number | null)[];
}

/** The same course as a table, for reading and for export. */
export function CourseTable({
  metrics,
  points,
}: {
  metrics: MetricKey[];
  points: (metric: MetricKey) => CoursePoint[];
}) {
  const byTime = new Map<number, CourseRow>();
  metrics.forEach((metric, index) => {
    for (const { at, value } of points(metric)) {
      const row = byTime.get(at) ?? { at, values: metrics.map(() => null) };
      row.values[index] = value;
      byTime.set(at, row);
    }
  });
  const columns: Column<CourseRow>[] = [
    {
      key: 'at',
      title: 'Time',
      cell: (row) => formatTime(row.at),
      value: (row) => new Date(row.at).toISOString(),
    },
    ...metrics.map((metric, index) => ({
      key: metric,
      title: `${metricByKey(metric)?.title} (${metricByKey(metric)?.unit})`,
      align: 'end' as const,
      cell: (row: CourseRow) => (row.values[index] == null ? '–' : formatNumber(row.values[index])),
      value: (row: CourseRow) => row.values[index] ?? null,
    })),
  ];
  return (
    <DataTable
      label="Course of abandonment, lag and errors"
      columns={columns}
      rows={[...byTime.values()].sort((a, b) => b.at - a.at)}
      rowKey={(row) => String(row.at)}
      height={392}
      exportName="operations-course"
      empty={
        <EmptyState title="No samples in this range">
          They are kept every ten seconds from the first start.
        </EmptyState>
      }
    />
  );
}
