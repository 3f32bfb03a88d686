'use client';
import { Button } from '@mantine/core';
import { useId } from 'react';
import { textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber } from '@/components/ui/format';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import type { RefusedRow } from '@/server/ingestion/customer-import/customer-import.schema';
import styles from './import.module.css';
import { ImportColumnsForm } from './import-columns-form';
import { type ImportState, useImport } from './import-state';

const HELP = [
  {
    title: 'The file',
    text: 'CSV in UTF-8 of at most 50 MB, one customer a row, names of columns in the first line; comma, semicolon or tab between fields. It is read piece by piece and not kept.',
  },
  {
    title: 'What becomes of a row',
    text: 'An identify event of now, checked as the collector checks events, from a source of its own (Import of customers, in Settings → Sources). It counts as an event and opens a visit. Empty cells leave what is known as it is. Opt-outs hold.',
  },
  {
    title: 'Traits',
    text: 'A customer has 20 at most, of 120 characters each. Numbers and true or false are taken as such; a number that begins with zero stays text. Agents see personal traits masked.',
  },
  {
    title: 'Twice',
    text: 'The same file again changes nothing: a row is known by its line and what stands in it, for as long as message ids are kept (a week unless set otherwise). So an import that was stopped or failed is simply begun again.',
  },
];

const REFUSED: readonly Column<RefusedRow>[] = [
  {
    key: 'line',
    title: 'Line',
    width: '90px',
    align: 'end',
    cell: ({ line }) => line,
    value: ({ line }) => line,
  },
  textColumn({ key: 'column', title: 'Column', width: '200px', value: ({ column }) => column ?? 'the row' }),
  textColumn({ key: 'reason', title: 'Reason', value: ({ reason }) => reason }),
];

/** A file of known customers becomes events: choose it, say what its columns are, and see what became of each row. */
export function ImportPage() {
  const { state, choose, start, stop, again } = useImport();
  return (
    <Page
      title="Import customers"
      about="Known customers from a CSV file, through the same checks as events"
      help={HELP}
    >
      <div className={styles.stack}>
        {state.step === 'choose' && <FileChoice problem={state.problem} onChoose={choose} />}
        {state.step === 'columns' && (
          <ImportColumnsForm
            key={`${state.file.name} ${state.file.lastModified}`}
            fileName={state.file.name}
            preview={state.preview}
            onImport={(columns, region) => start(state.file, columns, region)}
            onOther={again}
          />
        )}
        {state.step === 'run' && <Result state={state} onStop={stop} onAgain={again} />}
      </div>
    </Page>
  );
}

function FileChoice({ problem, onChoose }: { problem: string | null; onChoose: (file: File) => void }) {
  const id = useId();
  return (
    <Pane title="Which file?">
      <label htmlFor={id} className={styles.label}>
        CSV file of customers
      </label>
      <input
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className={styles.file}
        aria-describedby={`${id}-about`}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) onChoose(file);
        }}
      />
      <p id={`${id}-about`} className={styles.quiet}>
        UTF-8, at most 50 MB, names of columns in the first line. Nothing is sent before you have seen what
        each column is taken for.
      </p>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </Pane>
  );
}

interface ResultProps {
  state: Extract<ImportState, { step: 'run' }>;
  onStop: () => void;
  onAgain: () => void;
}

const ENDS = {
  'not yet': 'Importing',
  whole: 'Imported',
  stopped: 'Stopped',
  failed: 'Not imported to the end',
};

function Result({ state: { file, progress, ended, problem }, onStop, onAgain }: ResultProps) {
  const {
    taken = 0,
    repeated = 0,
    refused = 0,
    bytesRead = 0,
    refusedRows = [],
    waits = null,
  } = progress ?? {};
  const running = ended === 'not yet';
  return (
    <>
      <Pane
        title={ENDS[ended]}
        note={file.name}
        actions={
          <Button variant="default" onClick={running ? onStop : onAgain}>
            {running ? 'Stop' : 'Another file'}
          </Button>
        }
      >
        <progress
          className={styles.progress}
          aria-label="Part of the file that is read"
          value={bytesRead}
          max={file.size}
        />
        <dl className={styles.counts}>
          <Count title="taken" count={taken} about="customers, as identify events" />
          <Count title="repeated" count={repeated} about="known from before; nothing changed" />
          <Count title="refused" count={refused} about="left out, each named below" />
        </dl>
        <p role="status" className={problem ? styles.problem : styles.quiet}>
          {problem ?? waits ?? wordsOf(ended)}
        </p>
      </Pane>
      {refused > 0 && (
        <Pane title="Rows that were refused" note={noteOf(refused, refusedRows.length)} padded={false}>
          <DataTable
            label="Refused rows"
            columns={REFUSED}
            rows={refusedRows}
            rowKey={({ line }) => String(line)}
            rowHeight={30}
            height={420}
            exportName="import-refusals"
          />
        </Pane>
      )}
    </>
  );
}

function wordsOf(ended: keyof typeof ENDS): string {
  if (ended === 'not yet') return 'Keep this page open. What is taken stays, whatever happens to the rest.';
  if (ended === 'stopped') return 'What was taken stays. Begin again with the same file to go on.';
  return 'Agents find them at the Desk by their id, as soon as the events are processed.';
}

function noteOf(refused: number, shown: number): string {
  return refused > shown
    ? `the first ${formatNumber(shown)} of ${formatNumber(refused)}`
    : formatNumber(refused);
}

function Count({ title, count, about }: { title: string; count: number; about: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {formatNumber(count)} <span className={styles.quiet}>{about}</span>
      </dd>
    </div>
  );
}
