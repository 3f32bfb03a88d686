'use client';
import { Button, NativeSelect, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { Pane } from '@/components/ui/pane';
import {
  type ColumnUse,
  columnsProblem,
  guessColumns,
  type ImportColumn,
} from '@/server/ingestion/customer-import/import-columns.schema';
import styles from './import.module.css';
import type { FilePreview } from './import-run';

const USES: { value: ColumnUse; label: string }[] = [
  { value: 'userId', label: 'User id' },
  { value: 'anonymousId', label: 'Anonymous id' },
  { value: 'trait', label: 'Trait' },
  { value: 'leaveOut', label: 'Leave out' },
];

interface ImportColumnsFormProps {
  fileName: string;
  preview: FilePreview;
  onImport: (columns: ImportColumn[], region: string | undefined) => void;
  onOther: () => void;
}

/** What each column of the file is taken for, beside what stands in its first rows. */
export function ImportColumnsForm({ fileName, preview, onImport, onOther }: ImportColumnsFormProps) {
  const [columns, setColumns] = useState(() => guessColumns(preview.titles));
  const [region, setRegion] = useState<string | null>(null);
  const trpc = useTRPC();
  const workspace = useQuery(trpc.workspace.get.queryOptions());
  const regions = workspace.data?.regions.map((known) => known.region) ?? [];
  const change = (place: number, part: Partial<ImportColumn>) =>
    setColumns(columns.map((column, at) => (at === place ? { ...column, ...part } : column)));
  const problem = columnsProblem(columns);
  return (
    <Pane
      title="What is in each column?"
      note={fileName}
      padded={false}
      actions={
        <Button variant="default" onClick={onOther}>
          Another file
        </Button>
      }
    >
      <div className={styles.scroll}>
        <table className={styles.table} aria-label="Columns of the file">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Is taken for</th>
              <th scope="col">Name of the trait</th>
              <th scope="col">First rows</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are, and may have the same title
              <tr key={place} data-off={column.use === 'leaveOut'}>
                <th scope="row">{column.title || `Column ${place + 1}`}</th>
                <td>
                  <NativeSelect
                    size="xs"
                    aria-label={`${column.title} is taken for`}
                    data={USES}
                    value={column.use}
                    onChange={(event) => change(place, { use: event.currentTarget.value as ColumnUse })}
                  />
                </td>
                <td>
                  {column.use === 'trait' && (
                    <TextInput
                      aria-label={`Trait of ${column.title}`}
                      value={column.trait}
                      maxLength={100}
                      onChange={(event) => change(place, { trait: event.currentTarget.value })}
                    />
                  )}
                </td>
                <td className={styles.samples}>{samplesOf(preview, place)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.foot}>
        {regions.length > 1 && (
          <Select
            label="Region"
            data={regions}
            value={region ?? regions[0] ?? null}
            allowDeselect={false}
            onChange={(_value, option) => option && setRegion(option.value)}
          />
        )}
        <Button disabled={problem !== null} onClick={() => onImport(columns, region ?? undefined)}>
          Import
        </Button>
        <span role="status" className={styles.quiet}>
          {problem ?? 'Each row is checked; those with a flaw are named and left out.'}
        </span>
      </div>
    </Pane>
  );
}

function samplesOf({ rows }: FilePreview, place: number): string {
  const values = rows.map((cells) => cells[place]?.trim() ?? '').filter((value) => value !== '');
  return values.length > 0 ? values.join(' · ') : '–';
}
