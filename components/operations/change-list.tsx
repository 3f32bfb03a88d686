'use client';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import type { ChangeMark } from '@/server/observability/change.repository';
import styles from './change-list.module.css';

const MOST_SHOWN = 4;

const COLUMNS: readonly CsvColumn<ChangeMark>[] = [
  { title: 'When', value: ({ at }) => isoTime(at) },
  { title: 'What', value: ({ action }) => wordsOf(action) },
  { title: 'Name', value: ({ name }) => name },
  { title: 'By', value: ({ by }) => by },
];

/** Saves every change of the last hour, those that are only marked on the chart too. */
export function ChangesCsv({ changes }: { changes: readonly ChangeMark[] | undefined }) {
  return <CsvButton list="changes" columns={COLUMNS} rows={changes ?? []} />;
}

/** What people changed in the last hour: a number that moved may have moved because of it. */
export function ChangeList({ changes }: { changes: readonly ChangeMark[] | undefined }) {
  if (!changes) return <SkeletonLines lines={2} />;
  if (changes.length === 0) {
    return (
      <EmptyState icon="edit" title="Nothing was changed" compact>
        Edits of thresholds, rules, sources and settings show here and on the chart.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={styles.list}>
        {changes.slice(0, MOST_SHOWN).map((change) => (
          <li key={change.id} className={styles.change}>
            <span>
              <b>{wordsOf(change.action)}</b> {change.name ?? ''}
            </span>
            <span className={styles.by}>
              {change.by}, <TimeAgo at={change.at} />
            </span>
          </li>
        ))}
      </ul>
      {changes.length > MOST_SHOWN && (
        <p className={styles.by}>and {changes.length - MOST_SHOWN} more, marked on the chart</p>
      )}
    </>
  );
}

/** "threshold.changed" as "Threshold changed", "useCase.launched" as "Use case launched". */
export function wordsOf(action: string): string {
  const words = action
    .replace('.', ' ')
    .replace(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
