'use client';
import { useLiveProblem } from './connection';
import styles from './connection-mark.module.css';

/** There only when something is wrong: in words, with a shape. */
export function ConnectionMark() {
  const problem = useLiveProblem();
  return (
    <div role="status" className={styles.place}>
      {problem !== null && (
        <span className={styles.mark} title={problem}>
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M5 .5 9.7 9H.3z" fill="currentColor" />
          </svg>
          <span className={styles.word}>Not live</span>
          <span className="mr-visually-hidden">: {problem}</span>
        </span>
      )}
    </div>
  );
}
