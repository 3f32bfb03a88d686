import type { ReactNode } from 'react';
import styles from './filter-bar.module.css';

/** A row of filters above a list; what it holds belongs in the address (`useAddressParam`). */
export function FilterBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <search className={styles.bar}>
      <div className={styles.start}>{children}</div>
      {end && <div className={styles.end}>{end}</div>}
    </search>
  );
}
