'use client';
import { useMutation } from '@tanstack/react-query';
import { useTRPCClient } from '@/components/api';
import { csvText } from '@/server/core/csv-text.schema';
import { exportedList, type ListName } from '@/server/privacy/exported-list.schema';
import { type CsvColumn, downloadText } from './csv';
import styles from './csv-button.module.css';
import { formatCount } from './format';
import { Icon } from './icon';

interface CsvProps<Row> {
  list: ListName;
  columns: readonly CsvColumn<Row>[];
  rows: readonly Row[];
}

/** Saves a list as it stands. Where personal data leaves with it, that is on record before the file is there. */
export function CsvButton<Row>({ list, columns, rows }: CsvProps<Row>) {
  const client = useTRPCClient();
  const save = useMutation({
    mutationFn: async () => {
      if (exportedList(list).personal) await client.privacy.noteExport.mutate({ list, rows: rows.length });
      const cells = rows.map((row) => columns.map(({ value }) => value(row)));
      downloadText(
        `${list}.csv`,
        csvText(
          columns.map(({ title }) => title),
          cells,
        ),
      );
    },
  });
  if (rows.length === 0) return null;
  return (
    <button type="button" className={styles.export} disabled={save.isPending} onClick={() => save.mutate()}>
      <Icon name="download" size={14} /> CSV
    </button>
  );
}

/** The line under a table: how many rows there are, and the way to save them. */
export function CsvFoot<Row>(props: CsvProps<Row>) {
  const count = props.rows.length;
  return (
    <div className={styles.foot}>
      <span>{formatCount(count, 'row')}</span>
      <CsvButton {...props} />
    </div>
  );
}
