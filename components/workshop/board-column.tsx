'use client';
import { useDroppable } from '@dnd-kit/react';
import type { ReactNode } from 'react';
import { STAGE_WORDS, type Stage } from '@/server/use-cases/use-case-stage.schema';
import styles from './board.module.css';

interface BoardColumnProps {
  stage: Stage;
  count: number;
  children: ReactNode;
}

/** Below cards, so that dropping on a card puts before it and dropping beside one at the end. */
const LOWEST_PRIORITY = 0;

export function BoardColumn({ stage, count, children }: BoardColumnProps) {
  const { ref, isDropTarget } = useDroppable({ id: `stage:${stage}`, collisionPriority: LOWEST_PRIORITY });
  const { title, about } = STAGE_WORDS[stage];
  return (
    <section
      ref={ref}
      className={styles.column}
      data-target={isDropTarget}
      data-empty={count === 0}
      aria-label={title}
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
