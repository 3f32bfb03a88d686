'use client';
import { serverNow } from '@/components/live/use-room';
import { formatAge, formatDuration } from '@/components/ui/format';
import { useNow } from '@/components/ui/shared-clock';
import type { DeskRow } from './queue-order';
import styles from './queue-pane.module.css';

type Clock = Pick<DeskRow, 'since' | 'dueAt' | 'slaMs' | 'claim' | 'behind'>;

/** The time the wait stands at: it stops when an agent takes the customer. */
function clockOf({ claim }: Clock): number {
  return claim ? claim.takenAt : serverNow();
}

const CATCHING_UP = 'What happened since is still being processed: they may have left.';

/** How long they wait, in words, and what is left of their time. */
export function WaitWords(row: Clock) {
  useNow(1_000);
  const at = clockOf(row);
  const left = row.dueAt - at;
  const waited = formatWait(at - row.since);
  if (row.claim) return <span className={styles.wait}>waited {waited}</span>;
  if (row.behind)
    return (
      <span className={styles.wait} title={CATCHING_UP}>
        {formatAge(at - row.since)} ago
        <span className={styles.left}>catching up</span>
      </span>
    );
  return (
    <span className={styles.wait}>
      {waited}
      <span className={styles.left} data-late={left < 0}>
        {left < 0 ? `${formatAge(-left)} over` : `${formatWait(left)} left`}
      </span>
    </span>
  );
}

/** A thin bar that runs out with the time a customer may wait. */
export function SlaBar(row: Clock) {
  useNow(1_000);
  const left = Math.min(1, (row.dueAt - serverNow()) / row.slaMs);
  // Run out: the words beside it say by how much.
  if (row.claim || row.behind || row.slaMs <= 0 || left <= 0) return null;
  const state = left < 0.34 ? 'short' : 'ample';
  return (
    <span className={styles.bar} data-state={state} aria-hidden="true">
      <span className={styles.barFill} style={{ transform: `scaleX(${left})` }} />
    </span>
  );
}

const MINUTE_MS = 60_000;

/** Waits are read in whole seconds, and from ten minutes on in minutes: the line is for the reason. */
function formatWait(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1_000)) * 1_000;
  if (whole < 10_000) return `${whole / 1_000} s`;
  return whole < 10 * MINUTE_MS ? formatDuration(whole) : formatAge(whole);
}
