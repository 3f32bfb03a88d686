import styles from './board.module.css';
import type { Card } from './workshop-data';

/** Mean of the scores as a mark, lowest to highest as a bar, of 100. */
export function ScoreBar({ score }: { score: NonNullable<Card['score']> }) {
  const words = `Score ${Math.round(score.mean)} of 100, from ${score.low} to ${score.high}, ${score.people} ${score.people === 1 ? 'person' : 'people'}`;
  return (
    <div className={styles.score} title={words}>
      <span className="mr-visually-hidden">{words}</span>
      <span className={styles.scoreTrack} aria-hidden="true">
        <span
          className={styles.scoreSpread}
          style={{ left: `${score.low}%`, width: `${score.high - score.low}%` }}
        />
        <span className={styles.scoreMean} style={{ left: `${score.mean}%` }} />
      </span>
      <span className={styles.scoreValue} aria-hidden="true">
        {Math.round(score.mean)}
      </span>
    </div>
  );
}
