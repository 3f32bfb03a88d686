import type { ReactNode } from 'react';
import { Guard } from '@/components/shell/guard';
import { StreamsNav } from './streams-nav';
import styles from './streams-nav.module.css';

/** Frame of the section: its tabs, then the page, for those whose role may open it. */
export function StreamsSection({ children }: { children: ReactNode }) {
  return (
    <Guard action="streams.read">
      <div className={styles.section}>
        <StreamsNav />
        {children}
      </div>
    </Guard>
  );
}
