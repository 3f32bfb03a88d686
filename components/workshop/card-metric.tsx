'use client';
import { usePerson } from '@/components/shell/person';
import { formatAge, formatNumber } from '@/components/ui/format';
import { useNow } from '@/components/ui/shared-clock';
import { Sparkline } from '@/components/ui/sparkline';
import styles from './board.module.css';
import type { Card } from './workshop-data';

/** Samples are taken every ten seconds: older than three of them is not now. */
const STALE_MS = 30_000;

/** "1 contact", "2 contacts"; "1 events/s" stays a rate. */
function unitOf(value: number | null, unit: string): string {
  return value === 1 && /^[a-z]{2,}s$/.test(unit) ? unit.slice(0, -1) : unit;
}

/** The bound metric: value, unit, age, and the last hour as a line. */
export function CardMetric({ metric }: { metric: NonNullable<Card['metric']> }) {
  const now = useNow();
  const { currency } = usePerson();
  const unit = metric.unit === 'currency' ? currency : unitOf(metric.value, metric.unit);
  const age = metric.at === null || now === 0 ? null : now - metric.at;
  return (
    <div className={styles.metric} data-stale={age === null || age > STALE_MS}>
      <span className={styles.metricName}>{metric.title}</span>
      <span className={styles.metricValue}>
        {metric.value === null ? '–' : formatNumber(metric.value)}{' '}
        <small>{metric.value === null ? '' : unit}</small>
      </span>
      <Sparkline points={metric.course} width={76} height={28} label={`${metric.title}, last hour`} />
      <span className={styles.metricAge}>
        {metric.value === null
          ? 'no sample in the last hour'
          : `${metric.window}${age === null ? '' : ` · ${formatAge(age)} old`}`}
      </span>
    </div>
  );
}
