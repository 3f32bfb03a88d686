import type { ReactNode } from 'react';
import styles from './pane.module.css';

interface PaneProps {
  title?: ReactNode;
  /** a quiet word beside the title: a count, a window */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** false lets a table or chart reach the pane's edges */
  padded?: boolean;
  id?: string;
  className?: string;
}

/** A surface with a titled top. A heading of level 2, so that screen readers can walk the page. */
export function Pane({ title, note, actions, children, padded = true, id, className }: PaneProps) {
  return (
    <section className={className ? `${styles.pane} ${className}` : styles.pane} id={id}>
      {(title || actions) && (
        <header className={styles.head}>
          <div className={styles.words}>
            {title && <h2 className={styles.title}>{title}</h2>}
            {note && <span className={styles.note}>{note}</span>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      <div className={padded ? styles.body : styles.flush}>{children}</div>
    </section>
  );
}
