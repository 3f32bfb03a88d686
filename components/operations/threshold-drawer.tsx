'use client';
import { Button } from '@mantine/core';
import { useMay } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { Icon } from '@/components/ui/icon';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import type { TimeRange } from '@/components/ui/time-range';
import type { FiringView, ThresholdView } from '@/server/alerts/threshold.schema';
import { metricByKey } from '@/server/observability/metric-catalogue';
import styles from './threshold-drawer.module.css';
import { ThresholdEditor } from './threshold-editor';

interface ThresholdDrawerProps {
  /** '' closed, 'list', 'new', or the id of a threshold */
  shown: string;
  onShow: (shown: string | null) => void;
  thresholds: readonly ThresholdView[] | undefined;
  firings: readonly FiringView[];
  range: TimeRange;
}

/** Thresholds: the list, and the editor that shows what a change would have done. */
export function ThresholdDrawer(props: ThresholdDrawerProps) {
  const { shown, onShow, thresholds, range } = props;
  const edited = thresholds?.find((each) => each.id === shown);
  const title = shown === 'new' ? 'New threshold' : (edited?.name ?? 'Thresholds');
  return (
    <Drawer opened={shown !== ''} onClose={() => onShow(null)} title={title} size={560}>
      {shown === 'new' || edited ? (
        <ThresholdEditor
          key={`${shown} ${edited?.version}`}
          threshold={edited ?? null}
          range={range}
          onDone={() => onShow('list')}
        />
      ) : (
        <ThresholdList {...props} />
      )}
    </Drawer>
  );
}

function ThresholdList({ thresholds, firings, onShow }: ThresholdDrawerProps) {
  const mayDo = useMay();
  if (!thresholds) return <SkeletonLines lines={5} />;
  const add = mayDo('threshold.write') && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => onShow('new')}>
      New threshold
    </Button>
  );
  if (thresholds.length === 0) {
    return (
      <EmptyState icon="bell" title="No thresholds yet" action={add}>
        A threshold watches one metric every second and fires when it stays past a value.
      </EmptyState>
    );
  }
  const firing = new Set(firings.filter((each) => each.endedAt === null).map((each) => each.thresholdId));
  return (
    <>
      <ul className={styles.list}>
        {thresholds.map((threshold) => (
          <li key={threshold.id}>
            <button type="button" className={styles.item} onClick={() => onShow(threshold.id)}>
              <span className={styles.words}>
                <span className={styles.name}>{threshold.name}</span>
                <span className={styles.condition}>{conditionWords(threshold)}</span>
              </span>
              <StateBadge threshold={threshold} firing={firing.has(threshold.id)} />
            </button>
          </li>
        ))}
      </ul>
      {add}
    </>
  );
}

function StateBadge({ threshold, firing }: { threshold: ThresholdView; firing: boolean }) {
  if (!threshold.enabled) return <StatusBadge tone="neutral">off</StatusBadge>;
  if (!firing) return <StatusBadge tone="good">quiet</StatusBadge>;
  return <StatusBadge tone={threshold.severity === 'critical' ? 'bad' : 'warn'}>fires</StatusBadge>;
}

function conditionWords({ metric, dimension, comparison, value, holdSeconds }: ThresholdView): string {
  const definition = metricByKey(metric);
  const where = dimension ? `, ${dimension.replace('=', ' ')}` : '';
  const held = holdSeconds > 0 ? ` for ${formatDuration(holdSeconds * 1_000)}` : '';
  return `${definition?.title ?? metric}${where} ${comparison} ${formatNumber(value)} ${definition?.unit ?? ''}${held}`;
}
