'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { agoColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDateTime } from '@/components/ui/format';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { CRITERIA_FOR_DPIA, metCriteria } from '@/server/privacy/dpia.schema';
import { DpiaEditor } from './dpia-editor';
import { STATUS } from './dpia-status';
import { PiaFileButton, PiaOutcome, usePiaImport } from './pia-import';
import type { Dpia } from './privacy-data';

const dateOf = (date: string) => new Date(date).toLocaleDateString(undefined, { dateStyle: 'medium' });

const COLUMNS: readonly Column<Dpia>[] = [
  textColumn({ key: 'title', title: 'Title', width: 'minmax(220px, 2fr)', value: (row) => row.title }),
  {
    key: 'status',
    title: 'Status',
    width: '120px',
    cell: (row) => <StatusBadge tone={STATUS[row.status].tone}>{STATUS[row.status].word}</StatusBadge>,
    value: (row) => row.status,
  },
  {
    key: 'criteria',
    title: 'Criteria met',
    width: '130px',
    cell: (row) => {
      const met = metCriteria(row.content);
      return `${met} of 9${met >= CRITERIA_FOR_DPIA ? ', needed' : ''}`;
    },
    value: (row) => metCriteria(row.content),
  },
  {
    key: 'useCases',
    title: 'Use cases',
    width: 'minmax(140px, 1.2fr)',
    cell: (row) => row.useCases.map(({ title }) => title).join(', ') || 'none',
    value: (row) => row.useCases.length,
    csv: (row) => row.useCases.map(({ title }) => title).join(', '),
  },
  {
    key: 'due',
    title: 'Due or valid until',
    width: 'minmax(150px, 0.8fr)',
    cell: (row) => {
      if (row.validUntil)
        return <span title={formatDateTime(Date.parse(row.validUntil))}>until {dateOf(row.validUntil)}</span>;
      return row.dueAt ? (
        <span title={formatDateTime(Date.parse(row.dueAt))}>due {dateOf(row.dueAt)}</span>
      ) : (
        'no date'
      );
    },
    value: (row) => row.validUntil ?? row.dueAt,
  },
  agoColumn({ key: 'updated', title: 'Changed', width: '100px', value: (row) => row.updatedAt }),
];

/** Every assessment; one opens into its guided form. A file of the CNIL's PIA software becomes one. */
export function DpiaTab() {
  const [selected, setSelected] = useAddressParam('dpia');
  const pia = usePiaImport(setSelected);
  return (
    <>
      <Dpias selected={selected} onSelect={setSelected} pia={pia} />
      <PiaOutcome outcome={pia.outcome} onClose={pia.close} />
    </>
  );
}

interface DpiasProps {
  selected: string;
  onSelect: (id: string | null) => void;
  pia: ReturnType<typeof usePiaImport>;
}

function Dpias({ selected, onSelect, pia }: DpiasProps) {
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const canWrite = useMay()('dpia.write');
  const { data, isError, refetch } = useQuery(trpc.dpia.list.queryOptions());
  if (isError && !data) return <ErrorState onRetry={() => refetch()} />;
  if (!data) return <SkeletonLines lines={8} />;
  const open = data.find(({ id }) => id === selected);
  if (creating || open) {
    return (
      <DpiaEditor
        key={open ? `${open.id} ${open.version} ${open.status}` : 'new'}
        dpia={open ?? null}
        pia={pia}
        onClose={(id) => {
          setCreating(false);
          onSelect(id);
        }}
      />
    );
  }
  return (
    <Pane
      title="DPIAs"
      note={`${data.length}`}
      padded={false}
      actions={
        canWrite && (
          <>
            <PiaFileButton
              label="Import a CNIL PIA"
              busy={pia.busy}
              onFile={(file) => void pia.read(file, null)}
            />
            <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setCreating(true)}>
              New DPIA
            </Button>
          </>
        )
      }
    >
      <DataTable
        label="DPIAs"
        columns={COLUMNS}
        rows={data}
        rowKey={({ id }) => id}
        onOpen={({ id }) => onSelect(id)}
        height={480}
        exportName="dpias"
        empty={
          <EmptyState icon="privacy" title="No assessment yet" compact>
            A use case goes live only under a signed one. Begin with the nine criteria: two or more usually
            ask for it.
          </EmptyState>
        }
      />
    </Pane>
  );
}
