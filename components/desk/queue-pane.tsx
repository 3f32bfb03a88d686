// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are positioned, which list elements cannot be
'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useId, useMemo, useRef } from 'react';
import { useHeldRows } from '@/components/live/use-held-rows';
import { CsvButton } from '@/components/ui/csv-button';
import { formatDuration, formatMoney, formatWhole } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import { EscalationMark } from './escalation-mark';
import { OldContextNote, type OldContexts, useOldContext } from './old-context';
import { CHANNELS, QUEUE_COLUMNS } from './queue-csv';
import { countRows, type DeskRow } from './queue-order';
import styles from './queue-pane.module.css';
import { SlaBar, WaitWords } from './sla-bar';

const ROW_PX = 58;
const OVERSCAN = 10;

interface QueuePaneProps {
  rows: readonly DeskRow[];
  isLoaded: boolean;
  at: number | null;
  stale: boolean;
  reason: string | null;
  selected: string | null;
  userId: string;
  onSelect: (customer: string) => void;
}

const keyOf = (row: DeskRow) => row.customer;

/** Who needs help now and why: one line a customer, whoever runs out first on top. */
export function QueuePane({ rows, isLoaded, at, stale, reason, selected, userId, onSelect }: QueuePaneProps) {
  const list = useHeldRows(rows, keyOf);
  const { old, notes } = useOldContext();
  const { waiting, behind, taken } = useMemo(() => countRows(rows), [rows]);
  const note = isLoaded ? (
    <>
      {formatWhole(waiting)} waiting
      {behind > 0 && ` · ${formatWhole(behind)} catching up`}
      {taken > 0 && ` · ${formatWhole(taken)} taken`}
      {at !== null && (
        <>
          {' · newest '}
          <TimeAgo at={at} />
        </>
      )}
    </>
  ) : undefined;
  return (
    <Pane
      title="Queue"
      note={note}
      padded={false}
      className={styles.pane}
      actions={<CsvButton list="queue" columns={QUEUE_COLUMNS} rows={rows} />}
    >
      <OldContextNote notes={notes} />
      <div className={styles.frame} data-stale={stale} title={stale ? (reason ?? undefined) : undefined}>
        {list.waiting > 0 && (
          <button type="button" className={styles.fresh} onClick={list.release}>
            {formatWhole(list.waiting)} new
          </button>
        )}
        {!isLoaded && (
          <div className={styles.loading}>
            <SkeletonLines lines={8} height={34} />
          </div>
        )}
        {isLoaded && rows.length === 0 && (
          <EmptyState title="Nobody is waiting" compact>
            Customers come here with an open chat or call, when a rule fires, or when their cart is at risk.
          </EmptyState>
        )}
        {isLoaded && (
          <QueueList list={list} old={old} selected={selected} userId={userId} onSelect={onSelect} />
        )}
      </div>
    </Pane>
  );
}

interface QueueListProps extends Pick<QueuePaneProps, 'selected' | 'userId' | 'onSelect'> {
  list: ReturnType<typeof useHeldRows<DeskRow>>;
  old: OldContexts;
}

function QueueList({ list, old, selected, userId, onSelect }: QueueListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const { shown } = list;
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // A scroll need not wait for the paint before it: at 10,000 rows that is what drops frames.
    useFlushSync: false,
  });
  const index = useMemo(
    () => (selected === null ? -1 : shown.findIndex(({ key }) => key === selected)),
    [shown, selected],
  );
  // Only a new selection moves the list, not the queue's own movement.
  const target = useRef<string | null>(null);
  useEffect(() => {
    if (target.current === selected || index < 0) return;
    target.current = selected;
    virtual.scrollToIndex(index);
  }, [selected, index, virtual]);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label="Customers who wait"
      aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
      tabIndex={0}
      {...list.handlers}
    >
      <div className={styles.rows} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const held = shown[item.index];
          if (!held) return null;
          return (
            <QueueRow
              key={held.key}
              id={`${id}-${item.index}`}
              row={held.row}
              gone={held.gone}
              lagSeconds={old.get(held.row.customer)}
              top={item.start}
              place={item.index + 1}
              of={shown.length}
              isSelected={held.key === selected}
              userId={userId}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}

interface QueueRowProps {
  id: string;
  row: DeskRow;
  gone: boolean;
  /** how far behind the customer's context is; undefined: within its service level; null: not known */
  lagSeconds: number | null | undefined;
  /** px */
  top: number;
  place: number;
  of: number;
  isSelected: boolean;
  userId: string;
  onSelect: (customer: string) => void;
}

/** Drawn again only when it is another: a scroll draws the rows that come into view, not those that stay. */
const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { id, row, gone, lagSeconds, top, place, of, isSelected, userId, onSelect } = props;
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-setsize={of}
      aria-posinset={place}
      className={styles.row}
      data-gone={gone}
      data-behind={row.behind}
      data-claim={row.isMine ? 'mine' : row.claim ? 'other' : 'none'}
      data-customer={row.customer}
      data-at={row.at}
      style={{ transform: `translateY(${top}px)`, height: ROW_PX }}
      onClick={() => onSelect(row.customer)}
      onKeyDown={(event) => {
        if (event.key === ' ') onSelect(row.customer);
      }}
    >
      <QueueLine row={row} gone={gone} lagSeconds={lagSeconds} userId={userId} />
    </div>
  );
});

function QueueLine({
  row,
  gone,
  lagSeconds,
  userId,
}: Pick<QueueRowProps, 'row' | 'gone' | 'lagSeconds' | 'userId'>) {
  const others = row.viewers.filter((viewer) => viewer.userId !== userId);
  return (
    <>
      <span className={styles.first}>
        <span className={styles.reason}>{row.title}</span>
        {gone ? <span className={styles.wait}>left the queue</span> : <WaitWords {...row} />}
      </span>
      <span className={styles.second}>
        <span className={styles.channel} data-channel={row.channel}>
          {CHANNELS[row.channel] ?? row.channel}
        </span>
        {row.escalation && !gone && <EscalationMark escalation={row.escalation} />}
        <span className={styles.customer}>{row.customer}</span>
        {lagSeconds !== undefined && (
          <span
            className={styles.behind}
            title="What is known of them is older than the service level allows"
          >
            {lagSeconds === null ? 'context –' : `context ${formatDuration(lagSeconds * 1_000)} old`}
          </span>
        )}
        {others.length > 0 && (
          <span className={styles.viewers} title={others.map(({ name }) => name).join(', ')}>
            {others.length === 1 ? `${others[0]?.name} looks` : `${others.length} look`}
          </span>
        )}
        {row.claim && <span className={styles.claim}>{row.isMine ? 'yours' : row.claim.name}</span>}
        {row.value !== undefined && row.currency && (
          <span className={styles.value} title="Value at risk">
            {formatMoney(row.value, row.currency)}
          </span>
        )}
      </span>
      {!gone && <SlaBar {...row} />}
    </>
  );
}
