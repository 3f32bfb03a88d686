'use client';
import { memo } from 'react';
import { formatNumber, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import styles from './funnel.module.css';
import { StepAgainst, type StepAgainstProps, UsualBasis } from './funnel-against';
import { STEPS, stepTitle } from './funnel-steps';
import { STEP_METRICS } from './funnel-words';
import { useListedStep } from './use-listed-step';
import { useUsual } from './use-operations';

const MEASURED = Object.values(STEP_METRICS);

interface FunnelProps {
  funnel: OperationsSnapshot['funnel'] | undefined;
  figures: OperationsSnapshot['figures'] | undefined;
}

/**
 * How far visits come: how many reached each step, as a share of all, and how many of the live ones did, against the
 * step before and what is usual. A step can be reached without the one above it (added from a link, say): then there
 * may be more at a step than before it.
 */
export const Funnel = memo(function Funnel({ funnel, figures }: FunnelProps) {
  const usual = useUsual(MEASURED);
  const { list } = useListedStep();
  return (
    <Pane id="funnel" title="How far do visits come?" note="of visits kept; live beside">
      {funnel === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <FunnelSteps funnel={funnel} against={{ figures, usual }} onList={list} />
      )}
      <UsualBasis usual={funnel?.length ? usual : undefined} />
    </Pane>
  );
});

interface FunnelStepsProps {
  funnel: OperationsSnapshot['funnel'];
  against: Pick<StepAgainstProps, 'figures' | 'usual'>;
  /** absent: this person may not see whose visits they are */
  onList: ((step: string) => void) | undefined;
}

function FunnelSteps({ funnel, against, onList }: FunnelStepsProps) {
  const order: readonly string[] = STEPS;
  const liveBefore = (step: string) =>
    funnel.find((each) => each.step === order[order.indexOf(step) - 1])?.live ?? 0;
  const steps = [...funnel].sort((a, b) => order.indexOf(a.step) - order.indexOf(b.step));
  const first = steps[0]?.reached ?? 0;
  if (first === 0) {
    return (
      <EmptyState title="No visit yet" compact>
        Steps fill as customers visit, view, add and order.
      </EmptyState>
    );
  }
  return (
    <ol className={styles.steps}>
      {steps.map(({ step, reached, live }) => {
        return (
          <li key={step} className={styles.step}>
            <span className={styles.name}>{stepTitle(step)}</span>
            <span className={styles.track} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${Math.min(100, (reached / first) * 100)}%` }} />
            </span>
            <span className={styles.count}>{formatNumber(reached)}</span>
            <LiveCount step={step} live={live} onList={onList} />
            <span className={styles.share}>{formatPercent(reached / first)} %</span>
            <StepAgainst {...against} step={step} live={live} before={liveBefore(step)} />
          </li>
        );
      })}
    </ol>
  );
}

interface LiveCountProps extends Pick<FunnelStepsProps, 'onList'> {
  step: string;
  live: number;
}

function LiveCount({ step, live, onList }: LiveCountProps) {
  const count = `${formatNumber(live)} live`;
  if (onList === undefined) return <span className={styles.live}>{count}</span>;
  return (
    <button
      type="button"
      className={styles.live}
      aria-label={`${formatNumber(live)} live visits: ${stepTitle(step)}. List them`}
      onClick={() => onList(step)}
    >
      {count}
    </button>
  );
}
