'use client';
import type { RoundScore } from '@/server/use-cases/round.schema';
import styles from './round.module.css';
import { scoreOfDraft } from './score-fields';

/** Everybody's score on one line of 0 to 100, all appearing in one step, then who gave what and why. */
export function RoundResult({ scores }: { scores: readonly RoundScore[] }) {
  if (scores.length === 0) return <p className={styles.none}>Nobody scored in time.</p>;
  const each = scores.map((score) => ({ ...score, total: scoreOfDraft(score) }));
  const mean = each.reduce((sum, { total }) => sum + total, 0) / each.length;
  const [low, high] = [
    Math.min(...each.map(({ total }) => total)),
    Math.max(...each.map(({ total }) => total)),
  ];
  const levels = new Map<number, number>();
  const ordered = each.toSorted((a, b) => b.total - a.total);
  return (
    <section aria-label="Scores" className={styles.result}>
      <p className={styles.mean} role="status">
        Mean <b>{Math.round(mean)}</b> of 100, from {low} to {high}, {each.length}{' '}
        {each.length === 1 ? 'person' : 'people'}
      </p>
      <div className={styles.plot} aria-hidden="true">
        <span className={styles.spread} style={{ left: `${low}%`, width: `${high - low}%` }} />
        {each.map(({ userId, name, total }) => {
          const level = levels.get(total) ?? 0;
          levels.set(total, level + 1);
          return (
            <span
              key={userId}
              className={styles.dot}
              title={name}
              style={{ left: `${total}%`, bottom: 8 + level * 16 }}
            />
          );
        })}
        <span className={styles.meanMark} style={{ left: `${mean}%` }} />
      </div>
      <div className={styles.axis} aria-hidden="true">
        <span>0</span>
        <span>50</span>
        <span>100</span>
      </div>
      <ul className={styles.list}>
        {ordered.map(({ userId, name, value, effort, note, total }) => (
          <li key={userId}>
            <span className={styles.who}>{name}</span>
            <span>
              <b>{total}</b>
              <span className={styles.quiet}>
                {' '}
                value {value}, effort {effort}
              </span>
              {note && <span className={styles.note}>{note}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
