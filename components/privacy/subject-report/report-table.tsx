import type { ReactNode } from 'react';
import styles from './report.module.css';
import { timeWords } from './report-words';

interface ReportTableProps {
  label: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  /** said in place of an empty table */
  none: string;
  /** places of the columns that hold numbers */
  numbers?: readonly number[];
}

/** A plain table that prints whole: a report is read from top to bottom, not scrolled in parts. */
export function ReportTable({ label, head, rows, none, numbers = [] }: ReportTableProps) {
  if (rows.length === 0) return <p className={styles.quiet}>{none}</p>;
  const end = (place: number) => (numbers.includes(place) ? styles.end : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((title, place) => (
              <th key={title} scope="col" className={end(place)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes once it is made
            <tr key={number}>
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={place} className={end(place)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export const Key = ({ children }: { children: ReactNode }) => <span className={styles.mono}>{children}</span>;

/** When something was, in one line. */
export const Time = ({ at }: { at: string }) => <span className={styles.time}>{timeWords(at)}</span>;
