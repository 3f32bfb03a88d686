'use client';
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { downloadText } from '@/components/ui/csv';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';

/** Pages of entries, newest first, as a query has them. */
interface EntryPages<Row> {
  data: { pages: readonly { rows: readonly Row[] }[] } | undefined;
  isError: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

interface RecordPaneProps<Row> {
  title: string;
  note?: string;
  filters: ReactNode;
  pages: EntryPages<Row>;
  columns: readonly Column<Row>[];
  onOpen?: (row: Row) => void;
  empty: ReactNode;
  /** what the button says that brings the next page */
  older: string;
  file: { name: string; read: () => Promise<string> };
}

/** Entries of the record, newest first: filtered, a page at a time, and as a file that the server makes. */
export function RecordPane<Row extends { seq: number }>({
  title,
  note = 'newest first',
  filters,
  pages,
  columns,
  onOpen,
  empty,
  older,
  file,
}: RecordPaneProps<Row>) {
  const rows = pages.data?.pages.flatMap((page) => page.rows);
  return (
    <Pane title={title} note={note} padded={false} actions={<SaveButton file={file} />}>
      {filters}
      {pages.isError && !rows ? (
        <ErrorState onRetry={() => pages.refetch()} />
      ) : rows ? (
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          rowKey={({ seq }) => String(seq)}
          onOpen={onOpen}
          height={520}
          exportName={null}
          empty={empty}
        />
      ) : (
        <SkeletonLines lines={10} />
      )}
      {pages.hasNextPage && (
        <div style={{ padding: 10, textAlign: 'center' }}>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {older}
          </Button>
        </div>
      )}
    </Pane>
  );
}

function SaveButton({ file }: Pick<RecordPaneProps<never>, 'file'>) {
  const save = useMutation({
    mutationFn: file.read,
    onSuccess: (text) => downloadText(file.name, text),
  });
  return (
    <Button
      variant="default"
      leftSection={<Icon name="download" size={14} />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      CSV
    </Button>
  );
}

interface RecordFilterProps {
  label: string;
  value: string;
  placeholder?: string;
  /** px */
  width: number;
  onChange: (value: string | null) => void;
}

/** One field that entries are filtered by; empty: by nothing. */
export function RecordFilter({ label, value, placeholder, width, onChange }: RecordFilterProps) {
  return (
    <TextInput
      label={label}
      value={value}
      placeholder={placeholder}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      w={width}
    />
  );
}
