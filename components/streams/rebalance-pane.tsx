'use client';
import { useAddressParam } from '@/components/ui/address';
import { AddressNumber } from '@/components/ui/address-number';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { MOST_WORKERS, type RebalancePreview } from '@/server/scaling/rebalance.schema';
import styles from './partitions-page.module.css';
import { useRebalance } from './use-scaling';

type Move = RebalancePreview['moves'][number];

/** Who would hold what with another number of workers, on the load of the last day. */
export function RebalancePane() {
  const [text, setText] = useAddressParam('workers', '2');
  const workers = Math.min(MOST_WORKERS, Math.max(1, Math.round(Number(text)) || 2));
  const answer = useRebalance(workers);
  const { data } = answer;
  return (
    <Pane
      id="rebalance"
      title="Who would hold what with other workers?"
      note={data ? `on the load of ${formatDuration(data.to - data.from)} up to now` : undefined}
      actions={
        <AddressNumber
          label="Workers"
          size="xs"
          w={100}
          min={1}
          max={MOST_WORKERS}
          value={workers}
          onChange={(value) => setText(String(value))}
        />
      }
    >
      {answer.isError && !data ? (
        <ErrorState compact title="There is no preview" onRetry={() => answer.refetch()}>
          {answer.error.message}
        </ErrorState>
      ) : answer.isPending ? (
        <SkeletonLines lines={4} />
      ) : !data ? (
        <EmptyState compact title="No load has been noted yet">
          Loads are noted once a minute.
        </EmptyState>
      ) : (
        <Preview preview={data} />
      )}
    </Pane>
  );
}

function Preview({ preview: { before, after, moves } }: { preview: RebalancePreview }) {
  return (
    <div data-rebalance={after.workers.length}>
      <div className={styles.pair}>
        <Spread label="Now" spread={before} />
        <Spread label="Then" spread={after} />
      </div>
      {moves.length === 0 ? (
        <p className={styles.quiet}>Nothing would move: no plan is worth the movement.</p>
      ) : (
        <DataTable
          label="Moves"
          columns={MOVE_COLUMNS}
          rows={moves}
          rowKey={({ name }) => name}
          rowHeight={28}
          height={260}
          exportName="rebalance"
          initialSort={{ key: 'perSecond', descending: true }}
        />
      )}
    </div>
  );
}

function Spread({ label, spread }: { label: string; spread: RebalancePreview['before'] }) {
  const highest = Math.max(1e-9, ...spread.workers.map(({ perSecond }) => perSecond));
  return (
    <div>
      <h3 className={styles.sub}>
        {label}{' '}
        <span className={styles.quiet}>
          skew {spread.skew === null ? '–' : formatNumber(Math.round(spread.skew * 100) / 100)}
        </span>
      </h3>
      <ul className={styles.holders}>
        {spread.workers.map(({ worker, partitions, perSecond }) => (
          <li key={worker}>
            <span className={styles.holder} title={worker}>
              {worker}
            </span>
            <span className={styles.track} aria-hidden="true">
              <span style={{ width: `${(perSecond / highest) * 100}%` }} />
            </span>
            <span className={styles.holderFigures}>
              {formatNumber(Math.round(perSecond * 10) / 10)} events/s · {partitions}{' '}
              {partitions === 1 ? 'partition' : 'partitions'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const MOVE_COLUMNS: Column<Move>[] = [
  textColumn({ key: 'name', title: 'Partition', width: '110px', value: ({ name }) => name }),
  textColumn({ key: 'from', title: 'From', value: ({ from }) => from ?? 'nobody' }),
  textColumn({ key: 'to', title: 'To', value: ({ to }) => to }),
  numberColumn({
    key: 'perSecond',
    title: 'Events/s',
    width: '110px',
    value: ({ perSecond }) => Math.round(perSecond * 100) / 100,
  }),
];
