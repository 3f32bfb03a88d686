'use client';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { formatDateTime, formatDuration } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { useNow } from '@/components/ui/shared-clock';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import styles from './privacy.module.css';
import type { Clock } from './privacy-data';

const TONES: Record<Clock['urgency'], { tone: Tone; word: string }> = {
  overdue: { tone: 'bad', word: 'Overdue' },
  soon: { tone: 'warn', word: 'Soon' },
  later: { tone: 'neutral', word: 'Later' },
};

const COLUMNS: readonly CsvColumn<Clock>[] = [
  { title: 'Urgency', value: ({ urgency }) => TONES[urgency].word },
  { title: 'What', value: ({ title }) => title },
  { title: 'Detail', value: ({ detail }) => detail },
  { title: 'Due', value: ({ dueAt }) => (dueAt === null ? 'at once' : isoTime(dueAt)) },
];

/** Saves the clocks as they stand. */
export function ClocksCsv({ clocks }: { clocks: readonly Clock[] | undefined }) {
  return <CsvButton list="clocks" columns={COLUMNS} rows={clocks ?? []} />;
}

/** A line for each thing with a date, the most urgent first. */
export function ClockList({ clocks }: { clocks: readonly Clock[] }) {
  if (clocks.length === 0) {
    return (
      <EmptyState icon="clock" title="Nothing is due" compact>
        Opt-outs not yet in force, DPIAs that are due and signatures that lapse would stand here.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.lines}>
      {clocks.map((clock) => (
        <li key={`${clock.kind}-${clock.id}`} className={styles.clock}>
          <StatusBadge tone={TONES[clock.urgency].tone}>{TONES[clock.urgency].word}</StatusBadge>
          <span className={styles.grow}>
            {clock.kind === 'optOut' ? (
              <b>{clock.title}</b>
            ) : (
              <PageLink href={`/privacy?tab=dpias&dpia=${encodeURIComponent(clock.id)}`}>
                {clock.title}
              </PageLink>
            )}{' '}
            <span className={styles.quiet}>{clock.detail}</span>
          </span>
          <Remaining dueAt={clock.dueAt} />
        </li>
      ))}
    </ul>
  );
}

function Remaining({ dueAt }: { dueAt: number | null }) {
  const now = useNow();
  if (dueAt === null) return <b className={styles.due}>at once</b>;
  if (now === 0) return <span className={styles.due} />;
  const left = dueAt - now;
  return (
    <time className={styles.due} dateTime={new Date(dueAt).toISOString()} title={formatDateTime(dueAt)}>
      {left >= 0 ? `in ${formatDuration(left)}` : `${formatDuration(-left)} over`}
    </time>
  );
}
