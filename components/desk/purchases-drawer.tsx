'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Drawer } from '@/components/ui/drawer';
import { formatDateTime, formatMoney, formatWhole } from '@/components/ui/format';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { CardView } from '@/server/features/card-view.schema';
import type { PurchaseEvent, Purchases } from '@/server/history/purchases.schema';
import styles from './card-pane.module.css';

interface PurchasesDrawerProps {
  customer: string;
  rfm: CardView['rfm'];
  onClose: () => void;
}

/** History follows the card by a moment. */
const AGAIN_MS = 3_000;

/** The events that recency, frequency and monetary value add up from, and whether they do. */
export function PurchasesDrawer({ customer, rfm, onClose }: PurchasesDrawerProps) {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery(
    trpc.history.purchases.queryOptions({ customer }, { refetchInterval: AGAIN_MS }),
  );
  return (
    <Drawer opened onClose={onClose} title="What the purchases are made of" size={640}>
      {isError && !data && <ErrorState compact onRetry={() => refetch()} />}
      {!isError && !data && <SkeletonLines lines={6} />}
      {data && (
        <>
          <p className={styles.words} role="status">
            {wordsOfSum(data, rfm)}
          </p>
          <DataTable
            label="Orders and refunds"
            columns={COLUMNS}
            rows={data.events}
            rowKey={({ messageId, at }) => `${messageId} ${at}`}
            rowHeight={32}
            height={520}
            initialSort={{ key: 'at', descending: true }}
            exportName="purchases"
            empty={
              <EmptyState title="No order yet" compact>
                Order Completed and Order Refunded are listed here.
              </EmptyState>
            }
          />
        </>
      )}
    </Drawer>
  );
}

const COLUMNS: readonly Column<PurchaseEvent>[] = [
  {
    key: 'at',
    title: 'Event time',
    width: 'minmax(196px, 1fr)',
    value: ({ at }) => at,
    cell: ({ at }) => formatDateTime(at),
  },
  textColumn({ key: 'kind', title: 'Event', width: '80px', value: ({ kind }) => kind }),
  {
    ...numberColumn<PurchaseEvent>({
      key: 'amount',
      title: 'Amount',
      width: '110px',
      value: ({ amount }) => Number(amount),
    }),
    cell: ({ amount, currency }) => formatMoney(amount, currency),
  },
  textColumn({ key: 'currency', title: 'In', width: '56px', value: ({ currency }) => currency }),
  textColumn({
    key: 'message',
    title: 'Message id',
    width: 'minmax(120px, 1fr)',
    value: (row) => row.messageId,
  }),
];

/** Whether the list accounts for the card, in words; history follows the card by a moment. */
export function wordsOfSum({ events, more, orders, monetary }: Purchases, rfm: CardView['rfm']): string {
  if (more) return `The newest ${formatWhole(events.length)} events; there are older ones.`;
  const refunds = events.length - orders;
  const isSame = (currency: string) => (monetary[currency] ?? '0') === (rfm.monetary[currency] ?? '0');
  const currencies = [...new Set([...Object.keys(monetary), ...Object.keys(rfm.monetary)])];
  const sums = currencies.map((currency) => formatMoney(monetary[currency] ?? '0', currency)).join(' and ');
  const listed = `${orders} ${orders === 1 ? 'order' : 'orders'}, ${refunds} ${refunds === 1 ? 'refund' : 'refunds'}, ${sums || 'nothing'}`;
  if (orders === rfm.orders && refunds === rfm.refunds && currencies.every(isSame)) {
    return `${listed}: they add up to the card.`;
  }
  return `${listed}: not yet all that the card counts; history follows within seconds.`;
}
