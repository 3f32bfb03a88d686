'use client';
import { Figure } from '@/components/ui/figure';
import { formatFixed, formatNumber, formatPercent } from '@/components/ui/format';
import { SENTIMENT_LABELS } from '@/server/processors/sentiment-label.schema';
import scores from './sentiment.module.css';
import type { Benchmark } from './sentiment-data';
import styles from './state.module.css';

/** What the model scored on public conversations that people labelled, with where the data is from. */
export function SentimentScore({ benchmark }: { benchmark: Benchmark }) {
  const { model, data, texts, leftOut, accuracy, commonestShare, macroF1, likely, byLabel } = benchmark;
  const isWorse = accuracy < commonestShare;
  return (
    <>
      <div className={`${styles.strip} ${scores.figures}`}>
        <Figure
          label="Accuracy"
          value={accuracy}
          format={formatPercent}
          unit="%"
          live={false}
          tone={isWorse ? 'warn' : 'neutral'}
          toneWord="low"
          against={`always the commonest: ${formatPercent(commonestShare)}%`}
        />
        <Figure
          label="Macro-F1"
          value={formatFixed(macroF1, 3)}
          live={false}
          against={`of 1; likely ${formatFixed(likely.macroF1.from, 2)} to ${formatFixed(likely.macroF1.to, 2)}`}
        />
      </div>
      <table className={scores.scores}>
        <thead>
          <tr>
            <th scope="col">People say</th>
            <th scope="col">sentences</th>
            <th scope="col">found</th>
            <th scope="col">right when said</th>
            <th scope="col">F1</th>
          </tr>
        </thead>
        <tbody>
          {SENTIMENT_LABELS.map((label) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{formatNumber(byLabel[label].texts)}</td>
              <td>{orDash(byLabel[label].recall)}</td>
              <td>{orDash(byLabel[label].precision)}</td>
              <td>{formatFixed(byLabel[label].f1, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={scores.source}>
        {model.name} {model.version} on {formatNumber(texts)} sentences of {data.dialogues} conversations:{' '}
        {data.name}, {data.source}, {data.licence}. {data.note} {formatNumber(leftOut)} that people called
        confused are left out.
      </p>
    </>
  );
}

function orDash(share: number | null): string {
  return share === null ? '–' : `${formatPercent(share)}%`;
}
