'use client';
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatWhole } from '@/components/ui/format';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { DeadLetter, DeadLetterFilter } from '@/server/ingestion/dead-letter.schema';
import styles from './ingestion.module.css';
import { REASONS, reasonWords } from './reason-words';

const DeadLetterDetail = dynamic(
  () => import('./dead-letter-detail').then((module) => module.DeadLetterDetail),
  { ssr: false },
);

const HELP = [
  {
    title: 'What is here',
    text: 'Events the collector refused, or that no processor could work with. Each was on disk before its sender was told why.',
  },
  {
    title: 'The sample is masked',
    text: 'E-mail addresses, long numbers and personal fields are covered. Opening the event shows it whole, and is written to the audit.',
  },
  {
    title: 'Fix and replay',
    text: 'A replay goes through the same checks as any event. It keeps the message id and the time of the first attempt, so replaying twice counts once.',
  },
];

const PAGE_SIZE = 100;
const REFRESH_MS = 5_000;

/** Filter and selection live in the address, so that a dead letter can be shared. */
function useAddress() {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(params);
    if (value === null) next.delete(name);
    else next.set(name, value);
    router.replace(`${path}?${next}`, { scroll: false });
  };
  return { get: (name: string) => params.get(name), set };
}

const COLUMNS: readonly Column<DeadLetter>[] = [
  {
    key: 'reason',
    title: 'Reason',
    width: '190px',
    cell: (row) => (
      <StatusBadge tone={row.replayedAt === null ? 'bad' : 'neutral'}>{reasonWords(row.reason)}</StatusBadge>
    ),
    value: (row) => row.reason,
  },
  {
    key: 'field',
    title: 'Field',
    width: '170px',
    cell: (row) => row.field ?? '–',
    value: (row) => row.field,
  },
  textColumn({ key: 'detail', title: 'What is wrong', value: (row) => row.detail }),
  {
    key: 'sample',
    title: 'Masked sample',
    cell: (row) => <code className={styles.sample}>{row.sample}</code>,
    value: (row) => row.sample,
  },
  {
    key: 'received',
    title: 'Received',
    width: '110px',
    cell: (row) => <TimeAgo at={row.receivedAt} />,
    value: (row) => row.receivedAt,
  },
  {
    key: 'replayed',
    title: 'Replayed',
    width: '110px',
    cell: (row) => (row.replayedAt === null ? 'not yet' : <TimeAgo at={row.replayedAt} />),
    value: (row) => row.replayedAt,
  },
];

/** Beside an open letter, which shows the rest. */
const NARROW_COLUMNS = COLUMNS.filter(({ key }) => key !== 'sample' && key !== 'replayed');

/** Refused events: why, where, from whom; inspect one, mend it, and send it again. */
export function DeadLettersPage() {
  const trpc = useTRPC();
  const address = useAddress();
  const may = useMay();
  const reason = REASONS.find((known) => known === address.get('reason')) as DeadLetterFilter['reason'];
  const sourceId = address.get('source') ?? undefined;
  const selected = address.get('letter');
  const sources = useQuery({ ...trpc.sources.list.queryOptions(), enabled: may('source.read') });
  const counts = useQuery(trpc.deadLetters.counts.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const list = useInfiniteQuery(
    trpc.deadLetters.list.infiniteQueryOptions(
      { reason, sourceId, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.cursor ?? undefined, refetchInterval: REFRESH_MS },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = rows.find((row) => row.id === selected);
  const nameOf = new Map((sources.data ?? []).map((source) => [source.id, source.name]));
  return (
    <Page title="Dead letters" about="Events that were refused, and why. Nothing was lost." help={HELP} fill>
      <div className={styles.split} data-open={open !== undefined}>
        <Pane
          title="Refused events"
          note={noteOf(counts.data)}
          padded={false}
          actions={
            <div className={styles.filters}>
              <NativeSelect
                aria-label="Reason"
                value={reason ?? ''}
                onChange={(event) => address.set('reason', event.currentTarget.value || null)}
                data={[
                  { value: '', label: 'Every reason' },
                  ...REASONS.map((value) => ({ value, label: reasonWords(value) })),
                ]}
              />
              <NativeSelect
                aria-label="Source"
                value={sourceId ?? ''}
                onChange={(event) => address.set('source', event.currentTarget.value || null)}
                data={[
                  { value: '', label: 'Every source' },
                  ...[...nameOf].map(([value, label]) => ({ value, label })),
                ]}
              />
            </div>
          }
        >
          {list.isPending && <SkeletonLines lines={6} />}
          {list.isError && <ErrorState compact onRetry={() => list.refetch()} />}
          {list.isSuccess && (
            <DataTable
              label="Dead letters"
              columns={open ? NARROW_COLUMNS : COLUMNS}
              rows={rows}
              rowKey={(row) => row.id}
              selectedKey={selected}
              onOpen={(row) => address.set('letter', row.id)}
              exportName="dead-letters"
              empty={
                <EmptyState title="Nothing was refused" icon="deadLetters" compact>
                  {reason || sourceId
                    ? 'Nothing matches this filter. Take it away to see everything.'
                    : 'Every event that arrived was taken. What is refused later stands here within a second or two.'}
                </EmptyState>
              }
            />
          )}
          {list.hasNextPage && (
            <div className={styles.more}>
              <Button
                variant="default"
                onClick={() => list.fetchNextPage()}
                loading={list.isFetchingNextPage}
              >
                Older ones
              </Button>
            </div>
          )}
        </Pane>
        {open && (
          <DeadLetterDetail
            key={open.id}
            letter={open}
            sourceName={nameOf.get(open.sourceId) ?? open.sourceId}
            onClose={() => address.set('letter', null)}
          />
        )}
      </div>
    </Page>
  );
}

function noteOf(counts: { reason: string; count: number }[] | undefined): string {
  if (counts === undefined) return '';
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return `${formatWhole(total)} in the last 7 days not replayed`;
}
