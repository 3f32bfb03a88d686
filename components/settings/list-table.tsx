import type { ReactNode } from 'react';
import type { CsvColumn } from '@/components/ui/csv';
import { CsvFoot } from '@/components/ui/csv-button';
import type { ListName } from '@/server/privacy/exported-list.schema';
import styles from './settings.module.css';

interface ListTableProps<Row> {
  label: string;
  /** column titles; the last column holds the actions and has none */
  titles: readonly string[];
  /** what its CSV export holds, under which name */
  list: ListName;
  columns: readonly CsvColumn<Row>[];
  rows: readonly Row[];
  children: ReactNode;
}

/** A short list with actions in its rows, as an ordinary table. */
export function ListTable<Row>({ label, titles, children, ...csv }: ListTableProps<Row>) {
  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.table} aria-label={label}>
          <thead>
            <tr>
              {titles.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">
                <span className="mr-visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      <CsvFoot {...csv} />
    </>
  );
}
