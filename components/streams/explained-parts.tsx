'use client';
import { Anchor } from '@mantine/core';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber, formatTime } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import styles from './state.module.css';
import type { ExplainedState } from './state-data';

type Event = ExplainedState['events'][number];

const VERDICTS: Record<ExplainedState['outcome'], { tone: Tone; word: string; about: string }> = {
  equal: { tone: 'good', word: 'equal', about: 'What is stored is what the events make.' },
  different: { tone: 'bad', word: 'different', about: 'What is stored is not what the events make.' },
  skipped: { tone: 'neutral', word: 'not compared', about: '' },
  waiting: {
    tone: 'accent',
    word: 'moving',
    about: 'History has not caught up with the state yet; look again.',
  },
};

const EVENT_COLUMNS: readonly Column<Event>[] = [
  {
    key: 'at',
    title: 'Event time',
    width: '190px',
    value: (row) => row.at,
    cell: (row) => formatTime(row.at),
  },
  {
    key: 'logged',
    title: 'Logged',
    width: '190px',
    value: (row) => row.loggedAt,
    cell: (row) => formatTime(row.loggedAt),
  },
  { key: 'name', title: 'Event', value: (row) => row.name, cell: (row) => row.name },
  { key: 'key', title: 'Key', value: (row) => row.key, cell: (row) => row.key },
  {
    key: 'platform',
    title: 'Platform',
    width: '90px',
    value: (row) => row.platform,
    cell: (row) => row.platform,
  },
  {
    key: 'properties',
    title: 'Properties',
    width: 'minmax(0, 2fr)',
    value: (row) => JSON.stringify(row.properties),
    cell: (row) => JSON.stringify(row.properties),
  },
];

interface ExplainedPartsProps {
  state: ExplainedState;
  onLookUp: (customer: string) => void;
}

/** A customer's state part by part, stored beside recomputed, with the events in the order they were logged. */
export function ExplainedParts({ state, onLookUp }: ExplainedPartsProps) {
  const { tone, word, about } = VERDICTS[state.outcome];
  const { movedTo } = state;
  return (
    <section aria-label={`State of ${state.customer}`}>
      <div className={styles.verdict}>
        <StatusBadge tone={tone}>{word}</StatusBadge>
        <p>
          {state.customer}, {state.region}, partition {state.partition}. {about}
          {state.reason && ` Not compared: ${state.reason}.`}
          {state.masked && ' Personal parts are hidden.'}
        </p>
        {movedTo !== null && !state.masked && (
          <Anchor component="button" type="button" onClick={() => onLookUp(movedTo)}>
            Look up {movedTo}
          </Anchor>
        )}
      </div>
      <table className={styles.parts}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Stored</th>
            <th scope="col">Recomputed from events</th>
          </tr>
        </thead>
        <tbody>
          {state.parts.map(({ part, stored, recomputed, differs }) => (
            <tr key={part} data-differs={differs}>
              <th scope="row">
                {part} {differs && <StatusBadge tone="bad">differs</StatusBadge>}
              </th>
              <td>
                <Value text={stored} />
              </td>
              <td>
                <Value text={recomputed} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3 className={styles.subtitle}>
        {formatNumber(state.eventCount)} events behind it
        {state.eventCount > state.events.length && `, the newest ${state.events.length} shown`}
      </h3>
      <DataTable
        label="Events behind the state"
        columns={EVENT_COLUMNS}
        rows={state.events}
        rowKey={({ position, partition }) => `${partition} ${position}`}
        height={300}
        exportName="state-events"
        empty={<EmptyState title="History holds no event of this key" compact />}
      />
    </section>
  );
}

/** Milliseconds since the epoch, which nobody reads. */
const TIMES = /\b1\d{12}\b/g;

/** Times stand as such. Long values scroll in their own place, also by keyboard. */
function Value({ text }: { text: string | null }) {
  if (text === null) return <span title="not there">–</span>;
  return (
    <code className={styles.value} tabIndex={text.length > 200 ? 0 : undefined}>
      {text.replace(TIMES, (ms) => new Date(Number(ms)).toISOString())}
    </code>
  );
}
