import type { ReactNode } from 'react';
import styles from './figure-strip.module.css';

/** Figures side by side, with lines between them; two in a row where the page is narrow. */
export function FigureStrip({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={styles.strip} aria-label={label}>
      {children}
    </section>
  );
}
