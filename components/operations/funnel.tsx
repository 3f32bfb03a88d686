'use client';
import { memo } from 'react';
import { formatNumber, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import styles from './funnel.module.css';

/** Steps of a visit in their order, in plain words. */
const STEPS: [string, string][] = [
  ['visited', 'Visited'],
  ['viewed', 'Product viewed'],
  ['added', 'Added to cart'],
  ['checkout', 'Checkout started'],
  ['ordered', 'Ordered'],
];

/**
 * How far visits come: how many reached each step, as a share of all, and how many of the live ones did. A step can be
 * reached without the one above it (added from a link, say), so that none is shown as a loss of the one before.
 */
export const Funnel = memo(function Funnel({ funnel }: { funnel: OperationsSnapshot['funnel'] | undefined }) {
  return (
    <Pane
      id="funnel"
      title="How far do visits come?"
      note="visits kept that reached each step; live ones beside"
    >
      {funnel === undefined ? <SkeletonLines lines={5} /> : <FunnelSteps funnel={funnel} />}
    </Pane>
  );
});

function FunnelSteps({ funnel }: { funnel: OperationsSnapshot['funnel'] }) {
  const order = STEPS.map(([step]) => step);
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
            <span className={styles.name}>{STEPS.find(([key]) => key === step)?.[1] ?? step}</span>
            <span className={styles.track} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${Math.min(100, (reached / first) * 100)}%` }} />
            </span>
            <span className={styles.count}>{formatNumber(reached)}</span>
            <span className={styles.live}>{formatNumber(live)} live</span>
            <span className={styles.share}>{formatPercent(reached / first)} %</span>
          </li>
        );
      })}
    </ol>
  );
}
