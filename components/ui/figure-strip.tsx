import { Children, type CSSProperties, type ReactNode } from 'react';
import styles from './figure-strip.module.css';

interface FigureStripProps {
  /** what the figures tell together */
  label: string;
  children: ReactNode;
}

/** Figures side by side in one frame; by two where there is little room. */
export function FigureStrip({ label, children }: FigureStripProps) {
  const columns = { '--figures': Children.count(children) } as CSSProperties;
  return (
    <section className={styles.strip} style={columns} aria-label={label}>
      {children}
    </section>
  );
}
