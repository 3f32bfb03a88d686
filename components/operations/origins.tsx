'use client';
import { memo } from 'react';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { useStale } from '@/components/ui/figure';
import { formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import type {
  OperationsSnapshot,
  PlatformFigures,
  RegionFigures,
} from '@/server/observability/operations.schema';
import styles from './origins.module.css';
import { useSourceNames } from './use-source-names';

interface SourceLine {
  id: string;
  name: string;
  eventsPerSecond: number | null;
  newestAt: number | null;
}

/** Where events come from: by platform, by source, and by region where there are several. */
export const Origins = memo(function Origins({ data }: { data: OperationsSnapshot | null }) {
  const names = useSourceNames();
  const sources = (data?.sources ?? []).map(({ sourceId, eventsPerSecond, newestAt }): SourceLine => {
    return { id: sourceId, name: names.get(sourceId) ?? sourceId, eventsPerSecond, newestAt };
  });
  const empty =
    data === null ? (
      <div style={{ padding: 14 }}>
        <SkeletonLines lines={3} />
      </div>
    ) : (
      <EmptyState title="No event has come yet" compact>
        A line appears with the first event of each.
      </EmptyState>
    );
  return (
    <Pane id="by-platform" title="Where do events come from?" note="carts: last 10 min" padded={false}>
      <DataTable
        label="By platform"
        columns={PLATFORM_COLUMNS}
        rows={data?.platforms ?? []}
        rowKey={(row) => row.platform}
        rowHeight={28}
        height={206}
        initialSort={{ key: 'rate', descending: true }}
        empty={empty}
        exportName="by-platform"
      />
      <DataTable
        label="By source"
        columns={SOURCE_COLUMNS}
        rows={sources}
        rowKey={(row) => row.id}
        rowHeight={28}
        height={160}
        initialSort={{ key: 'rate', descending: true }}
        empty={empty}
        exportName="by-source"
      />
      {data !== null && data.regions.length > 0 && (
        <DataTable
          label="By region"
          columns={REGION_COLUMNS}
          rows={data.regions}
          rowKey={(row) => row.region}
          rowHeight={28}
          height={120}
          initialSort={{ key: 'lag', descending: true }}
          empty={empty}
          exportName="by-region"
        />
      )}
    </Pane>
  );
});

/** How old a feed's own newest event is; in words when it is silent, so that its rate is not taken for now. */
function FeedAge({ at }: { at: number | null }) {
  const silent = useStale(at);
  if (at === null) return <span title="No event since this is watched">–</span>;
  return (
    <span className={styles.feedAge} data-silent={silent}>
      {silent && 'silent '}
      <TimeAgo at={at} suffix={silent ? '' : ' ago'} />
    </span>
  );
}

const ageColumn = <Row extends { newestAt: number | null }>(): Column<Row> => ({
  key: 'newest',
  title: 'Newest',
  width: '84px',
  align: 'end',
  value: (row) => row.newestAt,
  cell: (row) => <FeedAge at={row.newestAt} />,
});

const PLATFORM_COLUMNS: Column<PlatformFigures>[] = [
  textColumn({ key: 'platform', title: 'Platform', value: (row) => row.platform }),
  numberColumn({ key: 'rate', title: 'Events/s', width: '78px', value: (row) => row.eventsPerSecond }),
  ageColumn(),
  numberColumn({ key: 'abandoned', title: 'Abandoned', width: '86px', value: (row) => row.cartsAbandoned }),
  numberColumn({ key: 'converted', title: 'Converted', width: '84px', value: (row) => row.cartsConverted }),
];

const SOURCE_COLUMNS: Column<SourceLine>[] = [
  textColumn({ key: 'name', title: 'Source', value: (row) => row.name }),
  numberColumn({ key: 'rate', title: 'Events/s', width: '78px', value: (row) => row.eventsPerSecond }),
  ageColumn(),
];

const REGION_COLUMNS: Column<RegionFigures>[] = [
  textColumn({ key: 'region', title: 'Region', value: (row) => row.region }),
  numberColumn({ key: 'rate', title: 'Events/s', width: '78px', value: (row) => row.eventsPerSecond }),
  ageColumn(),
  {
    key: 'lag',
    title: 'Lag, s',
    width: '86px',
    align: 'end',
    value: (row) => row.lagSeconds,
    cell: ({ lagSeconds, reason }) => (
      <span title={reason ?? undefined}>{lagSeconds === null ? '–' : formatNumber(lagSeconds)}</span>
    ),
  },
  numberColumn({ key: 'errors', title: 'Errors/min', width: '84px', value: (row) => row.errorsPerMinute }),
];
