'use client';
import { memo } from 'react';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { formatNumber, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import styles from './funnel.module.css';
import { STEPS, stepTitle } from './funnel-steps';
import { LiveVisitsDrawer } from './live-visits-drawer';

/**
 * How far visits come: how many reached each step, as a share of all, and how many of the live ones did. A step can be
 * reached without the one above it (added from a link, say), so that none is shown as a loss of the one before.
 */
export const Funnel = memo(function Funnel({ funnel }: { funnel: OperationsSnapshot['funnel'] | undefined }) {
  const [listed, setListed] = useAddressParam('visits');
  const mayList = useMay()('visit.read');
  const step = mayList ? STEPS.find((each) => each === listed) : undefined;
  return (
    <Pane
      id="funnel"
      title="How far do visits come?"
      note="visits kept that reached each step; live ones beside"
    >
      {funnel === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <FunnelSteps funnel={funnel} onList={mayList ? setListed : undefined} />
      )}
      {step && <LiveVisitsDrawer step={step} onClose={() => setListed(null)} />}
    </Pane>
  );
});

interface FunnelStepsProps {
  funnel: OperationsSnapshot['funnel'];
  /** absent: this person may not see whose visits they are */
  onList: ((step: string) => void) | undefined;
}

function FunnelSteps({ funnel, onList }: FunnelStepsProps) {
  const order: readonly string[] = STEPS;
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
            {onList ? (
              <button
                type="button"
                className={styles.live}
                aria-label={`${formatNumber(live)} live visits: ${stepTitle(step)}. List them`}
                onClick={() => onList(step)}
              >
                {formatNumber(live)} live
              </button>
            ) : (
              <span className={styles.live}>{formatNumber(live)} live</span>
            )}
            <span className={styles.share}>{formatPercent(reached / first)} %</span>
          </li>
        );
      })}
    </ol>
  );
}
