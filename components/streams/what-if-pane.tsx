'use client';
import { Select } from '@mantine/core';
import { useAddressParam } from '@/components/ui/address';
import { formatNumber, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import { type Spreading, WHAT_IF_KEYS, type WhatIf, type WhatIfKey } from '@/server/scaling/what-if.schema';
import styles from './partitions-page.module.css';
import { useWhatIf } from './use-scaling';

const COUNTS = ['16', '32', '64', '128', '256', '512', '1024'];

/** Another number of partitions or another key, on a sample of real events. */
export function WhatIfPane() {
  const [count, setCount] = useAddressParam('count', '128');
  const [chosen, setKey] = useAddressParam('key', 'customer');
  const key = WHAT_IF_KEYS.find((each) => each === chosen) ?? 'customer';
  const partitions = COUNTS.includes(count) ? Number(count) : 128;
  const answer = useWhatIf(partitions, key);
  return (
    <Pane
      id="what-if"
      title="What if it were partitioned otherwise?"
      note={
        answer.data ? (
          <>
            {formatNumber(answer.data.sampledEvents)} events sampled, newest <TimeAgo at={answer.data.to} />
          </>
        ) : undefined
      }
      actions={
        <div className={styles.choices}>
          <Select
            label="Partitions"
            size="xs"
            w={110}
            data={COUNTS}
            value={String(partitions)}
            allowDeselect={false}
            onChange={(value) => setCount(value)}
          />
          <Select
            label="Key"
            size="xs"
            w={150}
            data={[...WHAT_IF_KEYS]}
            value={key}
            allowDeselect={false}
            onChange={(value) => setKey(value)}
          />
        </div>
      }
    >
      {answer.isError && !answer.data ? (
        <ErrorState compact onRetry={() => answer.refetch()} />
      ) : answer.isPending ? (
        <SkeletonLines lines={5} />
      ) : answer.data === null ? (
        <EmptyState compact title="No event of the last day is in history yet">
          A sample is taken as soon as events have been archived.
        </EmptyState>
      ) : (
        <Compared answer={answer.data} chosenKey={key} />
      )}
    </Pane>
  );
}

function Compared({ answer, chosenKey }: { answer: WhatIf; chosenKey: WhatIfKey }) {
  const { now, tried, splitCustomers, movedCustomers, heaviestShare } = answer;
  return (
    <div data-what-if={tried.partitions}>
      <div className={styles.pair}>
        <Spread label={`Now: ${now.partitions} partitions by customer`} spread={now} />
        <Spread label={`Tried: ${tried.partitions} partitions by ${chosenKey}`} spread={tried} />
      </div>
      <ul className={styles.verdicts}>
        <li>
          {formatPercent(movedCustomers)} % of {formatNumber(answer.customers)} customers would be worked on
          elsewhere: their history would have to move.
        </li>
        <li>
          {splitCustomers === 0
            ? 'The order of each customer’s events would be kept.'
            : `For ${formatPercent(splitCustomers)} % of customers events would be in several partitions: their order, and with it what is exact about their state, would be lost.`}
        </li>
        <li>
          The heaviest {chosenKey} has {formatPercent(heaviestShare)} % of all events. No number of partitions
          splits it: the skew cannot be below{' '}
          {formatNumber(Math.max(1, Math.round(heaviestShare * tried.partitions * 100) / 100))}.
        </li>
      </ul>
    </div>
  );
}

/** Most bars that are drawn: of more partitions, neighbours by load share a bar. */
const MOST_BARS = 128;
const BAR_PX = 40;

const barPath = (rank: number, height: number) =>
  `M${rank + 0.1} ${BAR_PX}v-${height.toFixed(2)}h0.8v${height.toFixed(2)}z`;

function Spread({ label, spread }: { label: string; spread: Spreading }) {
  const sorted = [...spread.shares].sort((a, b) => b - a);
  const each = Math.ceil(sorted.length / MOST_BARS);
  const bars = Array.from({ length: Math.ceil(sorted.length / each) }, (_, i) => sorted[i * each] ?? 0);
  const highest = Math.max(...bars, 1e-9);
  return (
    <figure className={styles.spread}>
      <figcaption>
        <span>{label}</span>
        <span className={styles.quiet}>
          skew {spread.skew === null ? '–' : formatNumber(Math.round(spread.skew * 100) / 100)} · busiest{' '}
          {formatPercent(sorted[0] ?? 0)} % · {formatNumber(spread.empty)} empty
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${bars.length} ${BAR_PX}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: events by partition, busiest first`}
      >
        <path
          d={bars.map((share, i) => barPath(i, (share / highest) * BAR_PX)).join('')}
          className={styles.bar}
        />
      </svg>
    </figure>
  );
}
