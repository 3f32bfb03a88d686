'use client';
import type { ReactNode } from 'react';
import { STAGE_WORDS, type Stage } from '@/server/use-cases/use-case-stage.schema';
import styles from './board.module.css';
import { useDrop } from './use-drop';

interface BoardColumnProps {
  stage: Stage;
  count: number;
  /** a card is being dragged */
  dropping: boolean;
  onDrop: () => void;
  children: ReactNode;
}

export function BoardColumn({ stage, count, dropping, onDrop, children }: BoardColumnProps) {
  const { isTarget, handlers } = useDrop(dropping, onDrop);
  const { title, about } = STAGE_WORDS[stage];
  return (
    <section
      className={styles.column}
      data-target={isTarget}
      data-empty={count === 0}
      aria-label={title}
      {...handlers}
    >
      <header className={styles.columnHead}>
        <h2 className={styles.columnTitle}>{title}</h2>
        <span className={styles.count}>{count}</span>
      </header>
      <p className={styles.columnAbout}>{about}</p>
      <div className={styles.cards}>{children}</div>
    </section>
  );
}
