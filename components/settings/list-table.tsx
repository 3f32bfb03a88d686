import type { ReactNode } from 'react';
import styles from './settings.module.css';

interface ListTableProps {
  label: string;
  /** column titles; the last column holds the actions and has none */
  titles: readonly string[];
  children: ReactNode;
}

/** A short list with actions in its rows, as an ordinary table. */
export function ListTable({ label, titles, children }: ListTableProps) {
  return (
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
  );
}
