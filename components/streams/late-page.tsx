'use client';
import { Button, Switch } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { DataTable } from '@/components/ui/data-table';
import { FilterBar } from '@/components/ui/filter-bar';
import { formatWhole } from '@/components/ui/format';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { type TimeRange, useTimeRange } from '@/components/ui/time-range';
import type { LateSpan } from '@/server/history/late-event.schema';
import { FilterText } from './filter-text';
import { LATE_COLUMNS } from './late-columns';
import styles from './late-page.module.css';
import { LatePolicies } from './late-policies';
import { LatenessHistogram } from './lateness-histogram';
import { useStreams } from './use-streams';

const LateDrawer = dynamic(() => import('./late-drawer').then((module) => module.LateDrawer), { ssr: false });

const RANGE = '24h';
const STEP_MS = 10_000;
const PAGE_SIZE = 100;
const REFRESH_MS = 10_000;

/** Events later than the allowed lateness: how late, what was published, and what would have been. */
export function LatePage() {
  const range = useTimeRange(RANGE, STEP_MS);
  const filter = useLateFilter(range);
  const room = useStreams();
  const trpc = useTRPC();
  const summary = useQuery(
    trpc.lateEvents.summary.queryOptions(filter.span, {
      placeholderData: keepPreviousData,
      enabled: filter.span.to > STEP_MS,
    }),
  );
  return (
    <Page
      title="Late events"
      about="Nothing that comes late is lost, and nothing published moves unseen."
      range={RANGE}
      help={HELP}
    >
      <div className={styles.split}>
        <Pane title="What becomes of a late event?" padded={false}>
          <LatePolicies watermark={room.data?.watermark} allowedMs={summary.data?.allowedMs} />
        </Pane>
        <Pane title="How late were they?" note="choose a column to see those at least so late">
          {summary.isError ? (
            <ErrorState compact onRetry={() => summary.refetch()} />
          ) : (
            <LatenessHistogram
              summary={summary.data}
              onPick={filter.setLeast}
              least={filter.span.minLatenessMs}
            />
          )}
        </Pane>
      </div>
      <LateList filter={filter} total={summary.data?.total} changed={summary.data?.changed} />
    </Page>
  );
}

interface LateFilterState {
  span: LateSpan;
  setName: (name: string | null) => void;
  setKey: (key: string | null) => void;
  setChanged: (changed: boolean) => void;
  setLeast: (ms: number) => void;
}

/** The filter lives in the address; the range is rounded so that the same question is asked once. */
function useLateFilter(range: TimeRange): LateFilterState {
  const [name, setName] = useAddressParam('name');
  const [key, setKey] = useAddressParam('key');
  const [changed, setChanged] = useAddressParam('changed');
  const [least, setLeast] = useAddressParam('least');
  const floor = (at: number) => Math.max(0, Math.floor(at / STEP_MS) * STEP_MS);
  const minLatenessMs = /^\d{1,12}$/.test(least) ? Number(least) : 0;
  const span = {
    from: floor(range.from),
    to: floor(range.to) + STEP_MS,
    name: name.slice(0, 100),
    key: key.slice(0, 300),
    changed: changed === 'yes',
    minLatenessMs,
  };
  return {
    span,
    setName,
    setKey,
    setChanged: (wanted) => setChanged(wanted ? 'yes' : null),
    setLeast: (ms) => setLeast(ms === minLatenessMs || ms === 0 ? null : String(ms)),
  };
}

function LateList({
  filter,
  total,
  changed,
}: {
  filter: LateFilterState;
  total: number | undefined;
  changed: number | undefined;
}) {
  const { span, setName, setKey, setChanged } = filter;
  const trpc = useTRPC();
  const [selected, select] = useAddressParam('late');
  const list = useInfiniteQuery(
    trpc.lateEvents.list.infiniteQueryOptions(
      { ...span, limit: PAGE_SIZE },
      {
        getNextPageParam: (page) => page.cursor ?? undefined,
        placeholderData: keepPreviousData,
        enabled: span.to > STEP_MS,
        staleTime: REFRESH_MS,
      },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = rows.find(({ id }) => id === selected);
  const filtered = span.name !== '' || span.key !== '' || span.changed || span.minLatenessMs > 0;
  return (
    <Pane
      title="Which events were late?"
      note={
        total === undefined
          ? undefined
          : `${formatWhole(total)} in this range, ${formatWhole(changed ?? 0)} would have changed a result`
      }
      padded={false}
    >
      <FilterBar
        end={
          <Switch
            size="xs"
            label="Only those that would have changed a result"
            checked={span.changed}
            onChange={(event) => setChanged(event.currentTarget.checked)}
          />
        }
      >
        <FilterText label="Event name" value={span.name} onChange={setName} />
        <FilterText label="Message id or customer key" value={span.key} onChange={setKey} />
      </FilterBar>
      {list.isPending && <SkeletonLines lines={8} />}
      {list.isError && <ErrorState compact onRetry={() => list.refetch()} />}
      {list.isSuccess && (
        <DataTable
          label="Late events"
          columns={LATE_COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          selectedKey={selected || null}
          onOpen={({ id }) => select(id)}
          exportName="late-events"
          height={560}
          empty={
            <EmptyState
              title={filtered ? 'Nothing matches this filter' : 'Nothing was late'}
              icon="clock"
              compact
            >
              {filtered
                ? 'Take the filter away, or choose a longer range.'
                : 'Every event in this range came within the allowed lateness of its customer, and counts.'}
            </EmptyState>
          }
        />
      )}
      {list.hasNextPage && (
        <div className={styles.more}>
          <Button variant="default" onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
            Older ones
          </Button>
        </div>
      )}
      {open && <LateDrawer late={open} onClose={() => select(null)} />}
    </Pane>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'When an event is late',
    text: 'When it is older than the newest event of the same customer by more than the allowed lateness. The verdict does not depend on how partitions were read, so a replay gives the same.',
  },
  {
    title: 'Within the allowance',
    text: 'An event out of order but in time corrects: what was published is taken back and published anew, and sums come out as if it had come in order.',
  },
  {
    title: 'Beyond it',
    text: 'Windows and carts stay as published. The event is listed here with the results that stand and those that would have stood. Orders and refunds count for purchases however late they are.',
  },
  {
    title: 'The histogram',
    text: 'Choose a column to see only events at least so late. The allowed lateness is set in Settings → Workspace.',
  },
];
