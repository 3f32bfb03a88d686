'use client';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { formatNumber } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { optionOf } from '@/server/scaling/choice-options.schema';
import { ASSUMPTION_WORDS, type AssumptionView, type ChoiceView } from '@/server/scaling/choice-terms.schema';
import styles from './choices-page.module.css';

const SUBJECT_WORDS = { log: 'Event log', engine: 'Engine' } as const;

const COLUMNS: readonly CsvColumn<ChoiceView>[] = [
  { title: 'Subject', value: ({ subject }) => SUBJECT_WORDS[subject] },
  { title: 'Option', value: ({ option }) => optionOf(option)?.name ?? option },
  { title: 'Signed by', value: ({ signedBy }) => signedBy },
  { title: 'Signed', value: ({ signedAt }) => isoTime(signedAt) },
  { title: 'As it was signed', value: ({ intact }) => (intact ? 'yes' : 'no') },
  { title: 'Replaced', value: ({ replaced }) => (replaced ? 'yes' : 'no') },
  { title: 'Exceeded', value: ({ assumptions }) => exceededOf(assumptions) },
];

const exceededOf = (assumptions: readonly AssumptionView[]) =>
  assumptions.flatMap(({ key, flag }) => (flag ? ASSUMPTION_WORDS[key].title : [])).join('; ');

/** Saves the decisions that are on record. */
export function ChoicesCsv({ records }: { records: readonly ChoiceView[] | undefined }) {
  return <CsvButton list="choices" columns={COLUMNS} rows={records ?? []} />;
}

/** Decisions on record: those whose assumptions no longer hold first, then those that stand, then the replaced. */
export function ChoiceRecords({
  records,
  onOpen,
}: {
  records: readonly ChoiceView[];
  onOpen: (id: string) => void;
}) {
  if (records.length === 0) {
    return (
      <EmptyState title="No decision is on record" icon="edit" compact>
        Answer the questions, choose what remains, and sign: its assumptions are then watched against what is
        measured.
      </EmptyState>
    );
  }
  const ordered = [...records].sort((a, b) => rankOf(a) - rankOf(b) || b.signedAt - a.signedAt);
  return (
    <ul className={styles.records}>
      {ordered.map((record) => (
        <li key={record.id} className={styles.record} data-standing={!record.replaced}>
          <div className={styles.recordHead}>
            <button type="button" className={styles.recordName} onClick={() => onOpen(record.id)}>
              <span className={styles.quiet}>{SUBJECT_WORDS[record.subject]}</span>{' '}
              {optionOf(record.option)?.name ?? record.option}
            </button>
            <Standing record={record} />
            <span className={styles.signed}>
              signed by {record.signedBy}, <TimeAgo at={record.signedAt} />
            </span>
          </div>
          {!record.replaced && (
            <div className={styles.meters}>
              {record.assumptions.map((assumption) => (
                <Meter key={assumption.key} assumption={assumption} />
              ))}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

const isFlagged = (record: ChoiceView) => record.assumptions.some(({ flag }) => flag !== null);
const rankOf = (record: ChoiceView) => (record.replaced ? 2 : isFlagged(record) ? 0 : 1);

function Standing({ record }: { record: ChoiceView }) {
  if (!record.intact) return <StatusBadge tone="bad">not what was signed</StatusBadge>;
  if (record.replaced) return <StatusBadge tone="neutral">replaced</StatusBadge>;
  if (isFlagged(record)) return <StatusBadge tone="bad">flagged: an assumption is exceeded</StatusBadge>;
  const unknown = record.assumptions.every(({ measured }) => measured === null);
  return unknown ? (
    <StatusBadge tone="neutral">not measured yet</StatusBadge>
  ) : (
    <StatusBadge tone="good">assumptions hold</StatusBadge>
  );
}

/** What is measured against what was assumed. */
function Meter({ assumption: { key, allowed, measured, reason, flag } }: { assumption: AssumptionView }) {
  const { title, unit, measured: how } = ASSUMPTION_WORDS[key];
  const share = measured === null ? 0 : Math.min(1, measured / allowed);
  const words =
    measured === null
      ? `${title}: not known, ${reason}`
      : `${title}: ${formatNumber(measured)} of ${formatNumber(allowed)} ${unit}`;
  return (
    <div className={styles.meter} data-flagged={flag !== null} title={`${words} (${how})`}>
      <span className={styles.meterTop}>
        <span>{title}</span>
        <span>
          {measured === null ? '–' : formatNumber(measured)} / {formatNumber(allowed)} {unit}
        </span>
      </span>
      <span className={styles.track}>
        <span className={styles.level} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={styles.meterFoot}>
        {flag ? (
          <>
            exceeded <TimeAgo at={flag.startedAt} />, at worst {formatNumber(flag.worst)} {unit}
          </>
        ) : (
          (reason ?? how)
        )}
      </span>
    </div>
  );
}
