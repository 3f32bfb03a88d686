import { formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { LagBoardCause, LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import styles from './lag-page.module.css';

const KIND_WORDS: Record<LagBoardCause['cause']['kind'], string> = {
  noWorker: 'No worker',
  upstream: 'Waits for processing',
  downstream: 'Downstream limit',
  hotKey: 'Hot key',
  slowHandler: 'Slow handler',
  burst: 'Burst',
  unclear: 'Not clear',
};
const SHOWN_PARTITIONS = 8;

/** Each cause in words, with the readings it was concluded from and the partitions it holds up. */
export function LagCauses({ snapshot }: { snapshot: LagBoardSnapshot | null }) {
  return (
    <Pane
      title="Why is it behind?"
      note={snapshot?.causes.length === 0 ? 'nothing is over 1 s behind' : undefined}
    >
      <div aria-live="polite">
        <CauseList snapshot={snapshot} />
      </div>
    </Pane>
  );
}

function CauseList({ snapshot }: { snapshot: LagBoardSnapshot | null }) {
  if (!snapshot) return <SkeletonLines lines={3} />;
  if (snapshot.problem)
    return <EmptyState compact icon="alert" title="Not known while the log cannot be read" />;
  if (snapshot.causes.length === 0)
    return (
      <EmptyState compact title="Nothing is behind">
        A cause shows here from one second of lag on.
      </EmptyState>
    );
  return (
    <ul className={styles.causes}>
      {snapshot.causes.map((each) => (
        <Cause key={`${each.group} ${each.cause.kind} ${each.cause.words} ${each.isPast}`} {...each} />
      ))}
    </ul>
  );
}

function Cause({ group, cause, partitions, worstSeconds, since, isPast }: LagBoardCause) {
  const more = partitions.length - SHOWN_PARTITIONS;
  return (
    <li className={styles.cause} data-cause={cause.kind} data-past={isPast}>
      <div className={styles.causeHead}>
        <StatusBadge tone={isPast ? 'neutral' : 'bad'}>{KIND_WORDS[cause.kind]}</StatusBadge>
        <span className={styles.words}>
          {group === 'archive' ? 'Archive: ' : ''}
          {cause.words}
          {isPast && ' That is over; what it left behind is being worked off.'}
        </span>
        <span className={styles.since}>
          for <TimeAgo at={since} suffix="" />
        </span>
      </div>
      <dl className={styles.evidence}>
        {cause.evidence.map(({ label, value, unit }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {formatNumber(value)} {unit}
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.held}>
        {formatNumber(Math.round(worstSeconds * 10) / 10)} s behind on{' '}
        {partitions.length === 1 ? 'partition' : `${partitions.length} partitions:`}{' '}
        {partitions.slice(0, SHOWN_PARTITIONS).join(', ')}
        {more > 0 && ` and ${more} more`}
      </p>
    </li>
  );
}
