'use client';
import {
  formatCount,
  formatDateTime,
  formatDuration,
  formatPercent,
  formatWhole,
} from '@/components/ui/format';
import { SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { wordsOf } from '@/components/ui/toast';
import styles from './holdout-comparison.module.css';
import { useEffectFigures } from './use-effect-figures';
import { type Card, type EffectFigures, signedPercent, signedPoints, VERDICT_WORDS } from './workshop-data';

type Comparison = EffectFigures['outcomes'][number];

const OUTCOME_WORDS = { ordered: 'Ordered', abandoned: 'Left a cart behind' } as const;

/** Did it help? Those its rules acted on beside those held out, since the launch. */
export function HoldoutComparison({ card }: { card: Card }) {
  const { data, error, isPending, isFetching } = useEffectFigures(card);
  if (card.launchedAt === null) {
    return <p className={styles.quiet}>{wordsOfPlan(card.holdoutPercent)}</p>;
  }
  if (error) return <p className={styles.quiet}>– {wordsOf(error)}</p>;
  if (isPending && isFetching) return <SkeletonLines lines={4} />;
  if (!data) return null;
  if (data.heldOut.decided === 0 && card.holdoutPercent === 0) {
    return <p className={styles.quiet}>Nobody is held out: there is nobody to compare with.</p>;
  }
  return (
    <div className={styles.comparison}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="mr-visually-hidden">What</span>
            </th>
            <th scope="col">Acted on</th>
            <th scope="col">Held out</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Customers decided about</th>
            <td>{formatWhole(data.treated.decided)}</td>
            <td>{formatWhole(data.heldOut.decided)}</td>
          </tr>
          <tr>
            <th scope="row">of them {formatDuration(data.outcomeMs)} ago or more</th>
            <td>{formatWhole(data.treated.counted)}</td>
            <td>{formatWhole(data.heldOut.counted)}</td>
          </tr>
        </tbody>
        {data.outcomes.map((one) => (
          <OutcomeRows key={one.outcome} comparison={one} />
        ))}
      </table>
      <p className={styles.quiet}>
        {wordsOfBasis(data)} Read <TimeAgo at={data.at} />.
      </p>
    </div>
  );
}

function wordsOfPlan(percent: number): string {
  return percent === 0
    ? 'Nobody is to be held out: after the launch there is only before and after to compare.'
    : `${percent} % of customers are to be held out, drawn at the launch.`;
}

function OutcomeRows({ comparison }: { comparison: Comparison }) {
  const { outcome, treated, heldOut, difference, relativePercent, verdict, isPrimary } = comparison;
  const [words, tone] = VERDICT_WORDS[verdict];
  return (
    <tbody data-primary={isPrimary}>
      <tr>
        <th scope="row">{OUTCOME_WORDS[outcome]}</th>
        <Share share={treated} />
        <Share share={heldOut} />
      </tr>
      <tr>
        <td colSpan={3} className={styles.difference}>
          {difference === null ? (
            'Difference: – nobody to compare with yet'
          ) : (
            <>
              Difference <b>{signedPoints(difference.value)}</b> (95 %: {signedPoints(difference.low)} to{' '}
              {signedPoints(difference.high)})
              {relativePercent !== null && `, relative ${signedPercent(relativePercent)}`}
              <DifferenceMark difference={difference} />
            </>
          )}
          <StatusBadge tone={tone}>{words}</StatusBadge>
        </td>
      </tr>
    </tbody>
  );
}

function Share({ share }: { share: Comparison['treated'] }) {
  if (share === null) return <td title="Nobody is counted in this arm yet">–</td>;
  return (
    <td title={`95 %: ${formatPercent(share.low)} to ${formatPercent(share.high)} %`}>
      {formatPercent(share.share)} % <small>{formatWhole(share.count)}</small>
    </td>
  );
}

/** The interval on an axis from −100 to +100 points with 0 in the middle, widened so that small ones can be seen. */
function DifferenceMark({
  difference: { value, low, high },
}: {
  difference: NonNullable<Comparison['difference']>;
}) {
  const reach = Math.max(0.05, Math.abs(low), Math.abs(high)) * 1.1;
  const at = (share: number) => `${50 + (share / reach) * 50}%`;
  return (
    <span className={styles.axis} aria-hidden="true">
      <span className={styles.zero} />
      <span className={styles.interval} style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
      <span className={styles.value} style={{ left: at(value) }} />
    </span>
  );
}

function wordsOfBasis({ since, outcomeMs, cut, mixed }: EffectFigures): string {
  const basis = `Customers for whom a rule decided since ${formatDateTime(since)}, each once, by the first decision; outcomes within ${formatDuration(outcomeMs)} after it, from the facts in history. Interval by Newcombe’s method 10.`;
  const limits = [
    cut ? ' Only the newest 20,000 decisions were read.' : '',
    mixed > 0
      ? ` ${formatCount(mixed, 'customer')} ${mixed === 1 ? 'was' : 'were'} decided about in both arms, under keys that met since.`
      : '',
  ];
  return basis + limits.join('');
}
