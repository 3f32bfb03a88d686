'use client';
import { formatDateTime, formatNumber, formatWhole } from '@/components/ui/format';
import styles from './drawer.module.css';
import { type Card, signedPercent } from './workshop-data';

/** Predicted beside measured, and the baseline that both are set against. */
export function Effect({ card }: { card: Card }) {
  const predicted = card.predictedChange === null ? 'not predicted' : signedPercent(card.predictedChange);
  const { measuredChange } = card;
  return (
    <dl className={styles.effect}>
      <dt>Predicted</dt>
      <dd>{predicted}</dd>
      <dt>Measured</dt>
      <dd>
        {measuredChange
          ? `${signedPercent(measuredChange.percent)}, mean ${formatNumber(measuredChange.mean)} since ${formatDateTime(measuredChange.since)}`
          : `– ${whyUnmeasured(card)}`}
      </dd>
      <dt>Baseline</dt>
      <dd>{wordsOfBaseline(card)}</dd>
    </dl>
  );
}

function wordsOfBaseline({ baseline }: Card): string {
  if (baseline === null) return '– taken at the launch';
  const { mean, low, high, samples, from, to } = baseline;
  if (mean === null) {
    return `– not enough history before the launch (${formatWhole(samples)} samples; half an hour of them is the least)`;
  }
  const spread =
    low == null || high == null ? '' : `, four fifths between ${formatNumber(low)} and ${formatNumber(high)}`;
  const span = `${formatDateTime(Date.parse(from))} to ${formatDateTime(Date.parse(to))}`;
  return `${formatNumber(mean)}, mean of ${formatWhole(samples)} samples${spread}; ${span}`;
}

function whyUnmeasured(card: Card): string {
  if (card.launchedAt === null) return 'not launched';
  if (card.stage === 'retired') return 'retired';
  if (card.baseline?.mean == null) return 'no baseline to compare with';
  if (card.baseline.mean === 0) return 'the baseline is 0, of which there is no percentage';
  return 'too early after the launch';
}
