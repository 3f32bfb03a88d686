'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { agoColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatCount } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Effect } from './effect';
import { effectWords } from './effect-words';
import styles from './privacy.module.css';
import type { OptOutRequest } from './privacy-data';
import { StripPlot } from './strip-plot';

const RequestDrawer = dynamic(() => import('./request-drawer').then((module) => module.RequestDrawer), {
  ssr: false,
});

const COLUMNS: readonly Column<OptOutRequest>[] = [
  {
    key: 'customer',
    title: 'Customer',
    width: 'minmax(140px, 1.4fr)',
    cell: (row) => <span className={styles.mono}>{row.customer}</span>,
    value: (row) => row.customer,
  },
  {
    key: 'wish',
    title: 'Wish',
    width: 'minmax(110px, 1fr)',
    cell: (row) => (row.optedIn ? `back in: ${row.purpose}` : `out: ${row.purpose}`),
    value: (row) => `${row.optedIn ? 'in' : 'out'}: ${row.purpose}`,
  },
  {
    key: 'by',
    title: 'By',
    cell: (row) => row.actorName ?? 'a program',
    value: (row) => row.actorName ?? row.actorId,
  },
  {
    key: 'effect',
    title: 'Time to effect',
    width: '120px',
    align: 'end',
    cell: (row) => <Effect ms={row.effectMs} />,
    value: (row) => row.effectMs,
  },
  agoColumn({ key: 'at', title: 'Asked', width: '90px', value: (row) => row.requestedAt }),
];

/** Opt-outs of the last day: does each take effect as fast as promised? */
export function OptOutPane({ onCustomer }: { onCustomer: (customer: string) => void }) {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery(trpc.privacy.optOuts.queryOptions());
  const [selected, setSelected] = useAddressParam('request');
  const requests = data?.requests ?? [];
  const open = requests.find(({ id }) => id === selected);
  return (
    <Pane
      title="Do opt-outs take effect as promised?"
      note={noteOf(requests)}
      className={styles.plot}
      padded={false}
    >
      {isError && !data ? (
        <ErrorState compact onRetry={() => refetch()} />
      ) : !data ? (
        <SkeletonLines lines={14} />
      ) : requests.length === 0 ? (
        <EmptyState icon="privacy" title="No opt-outs in the last 24 hours" compact>
          A request from this page or by REST (POST /api/v1/opt-outs) shows here with its measured time to
          effect.
        </EmptyState>
      ) : (
        <>
          <div className={styles.plotBox}>
            <StripPlot requests={requests} at={data.at} selected={selected || null} onOpen={setSelected} />
          </div>
          <DataTable
            label="Opt-outs of the last day"
            columns={COLUMNS}
            rows={requests}
            rowKey={({ id }) => id}
            selectedKey={selected || null}
            onOpen={({ id }) => setSelected(id)}
            height={214}
            exportName="opt-outs"
          />
        </>
      )}
      {open && <RequestDrawer request={open} onClose={() => setSelected(null)} onCustomer={onCustomer} />}
    </Pane>
  );
}

function noteOf(requests: readonly OptOutRequest[]): string {
  const done = requests.flatMap(({ effectMs }) => effectMs ?? []).sort((a, b) => a - b);
  if (done.length === 0) return 'last 24 h';
  const at = (share: number) =>
    effectWords(done[Math.min(done.length - 1, Math.floor(done.length * share))] ?? 0);
  return `last 24 h · ${formatCount(requests.length, 'request')} · median ${at(0.5)} · 99th percentile ${at(0.99)}`;
}
