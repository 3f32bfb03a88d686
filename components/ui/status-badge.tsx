import type { ReactNode } from 'react';
import styles from './status-badge.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'accent';

const SHAPES: Partial<Record<Tone, string>> = {
  bad: 'M2.3 0h3.4L8 2.3v3.4L5.7 8H2.3L0 5.7V2.3z',
  warn: 'M4 .3 8 7.7H0z',
  good: 'M4 .5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
};
/** an empty square: a state that is neither good nor bad */
const NEUTRAL_SHAPE = 'M1.75 1.75h4.5v4.5h-4.5z';

/** Each tone has a shape of its own, so that colour is never the only sign. */
export function ToneShape({ tone, size = 8 }: { tone: Tone; size?: number }) {
  const filled = SHAPES[tone];
  return (
    <svg width={size} height={size} viewBox="0 0 8 8" aria-hidden="true" className={styles.shape}>
      <path
        d={filled ?? NEUTRAL_SHAPE}
        fill={filled ? 'currentColor' : 'none'}
        stroke={filled ? 'none' : 'currentColor'}
        strokeWidth={1.5}
      />
    </svg>
  );
}

/** A state in a word, with its colour and its shape. */
export function StatusBadge({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) {
  const toned = tone === 'neutral' ? '' : styles[tone];
  return (
    <span className={`${styles.badge} ${toned}`} title={title}>
      <ToneShape tone={tone} />
      <span className={styles.word}>{children}</span>
    </span>
  );
}
