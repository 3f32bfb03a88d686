import { formatDuration, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { LagRefusals } from '@/server/scaling/lag-refusals.schema';
import styles from './lag-page.module.css';

/** That traffic is refused because of lag, since when, how much of it, and what becomes of it. */
export function LagRefusalsNote({ refusals }: { refusals: LagRefusals }) {
  const { since, refused, perSecond, share, limit, drainSeconds, behindSeconds } = refusals;
  const figures: [label: string, value: string][] = [
    [
      'refused, last seconds',
      `${Math.round(share * 100)} % of requests, ${formatNumber(round(perSecond))}/s`,
    ],
    ['refused since it began', `${formatNumber(refused)} requests`],
    ['let in', `up to ${formatNumber(round(limit))} events/s`],
    ['time to process what waits', drainSeconds === null ? '–' : formatDuration(drainSeconds * 1_000)],
    ['allowed', formatDuration(behindSeconds * 1_000)],
  ];
  return (
    <section className={styles.refusals} aria-label="Refused traffic">
      <div className={styles.causeHead}>
        <StatusBadge tone="warn">Refusing</StatusBadge>
        <span className={styles.words}>
          More comes in than is processed: a part of the traffic is answered 429. Nothing acknowledged is
          lost; senders send the rest again.
        </span>
        <span className={styles.since}>
          for <TimeAgo at={since} suffix="" />
        </span>
      </div>
      <dl className={styles.evidence}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const round = (value: number) => Number(value.toPrecision(3));
