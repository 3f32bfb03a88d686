'use client';
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './consequence-preview.module.css';
import { ErrorState } from './states';

interface ConsequencePreviewProps {
  /** what would happen, as a sentence with its figures */
  summary: ReactNode;
  loading?: boolean;
  error?: string | null;
  /** the window it was tried over */
  window?: string;
  children?: ReactNode;
}

/** What saving would do, shown before it is saved. Announced politely as it is redrawn. */
export function ConsequencePreview({ summary, loading, error, window, children }: ConsequencePreviewProps) {
  return (
    <section className={styles.preview} aria-label="What this would do" aria-busy={loading}>
      <header className={styles.head}>
        <span>What this would do</span>
        {window && <span className={styles.window}>{window}</span>}
      </header>
      {error ? (
        <ErrorState title="No preview" compact>
          {error}
        </ErrorState>
      ) : (
        <>
          <p className={styles.summary} aria-live="polite">
            {loading && !summary ? <Skeleton height={14} width="70%" /> : summary}
          </p>
          {children}
        </>
      )}
    </section>
  );
}
