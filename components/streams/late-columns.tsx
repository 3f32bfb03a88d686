'use client';
import { textColumn } from '@/components/ui/columns';
import type { Column } from '@/components/ui/data-table';
import { formatDateTime, formatDuration, formatMoney, formatTime } from '@/components/ui/format';
import type { LateEventView, LateFact } from '@/server/history/late-view.schema';
import styles from './late-page.module.css';

const FACT_WORDS: Record<LateFact['kind'], string> = {
  visit: 'visit',
  cartOpened: 'cart opened',
  cartConverted: 'cart converted',
  cartAbandoned: 'cart abandoned',
  cartEmptied: 'cart emptied',
  cartRecovered: 'cart recovered',
  directOrder: 'direct order',
  order: 'order',
  refund: 'refund',
  late: 'late event',
};

/** A result in a few words: "cart abandoned $20.00". */
export function factWords({ kind, amount, currency }: LateFact): string {
  return amount === undefined ? FACT_WORDS[kind] : `${FACT_WORDS[kind]} ${formatMoney(amount, currency)}`;
}

/** Results as a file has them, amounts exact: "cart abandoned 20 USD". */
const fileWords = (facts: readonly LateFact[]) =>
  facts
    .map(({ kind, amount = '', currency = '' }) => `${FACT_WORDS[kind]} ${amount} ${currency}`.trimEnd())
    .join(', ');

export const LATE_COLUMNS: readonly Column<LateEventView>[] = [
  {
    key: 'logged',
    title: 'Came',
    width: '150px',
    cell: ({ loggedAt }) => <span title={formatDateTime(loggedAt)}>{formatTime(loggedAt)}</span>,
    value: ({ loggedAt }) => new Date(loggedAt).toISOString(),
  },
  {
    key: 'lateness',
    title: 'Late by',
    width: '92px',
    align: 'end',
    cell: ({ latenessMs }) => formatDuration(latenessMs),
    value: ({ latenessMs }) => latenessMs,
  },
  textColumn({ key: 'name', title: 'Event', width: '170px', value: ({ name }) => name }),
  textColumn({ key: 'customer', title: 'Customer', width: '130px', value: ({ customer }) => customer.label }),
  {
    key: 'published',
    title: 'Published',
    cell: ({ published }) => <Facts facts={published} mark="−" />,
    value: ({ published }) => fileWords(published),
  },
  {
    key: 'corrected',
    title: 'Would have been',
    cell: ({ corrected }) => <Facts facts={corrected} mark="+" />,
    value: ({ corrected }) => fileWords(corrected),
  },
  {
    key: 'message',
    title: 'Message id',
    width: '150px',
    cell: ({ messageId }) => <code className={styles.id}>{messageId}</code>,
    value: ({ messageId }) => messageId,
  },
];

function Facts({ facts, mark }: { facts: readonly LateFact[]; mark: string }) {
  if (facts.length === 0) return <span className={styles.quiet}>no change</span>;
  return (
    <span className={styles.fact} data-mark={mark}>
      {mark} {facts.map(factWords).join(', ')}
    </span>
  );
}
