'use client';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { useNow } from '@/components/ui/shared-clock';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast } from '@/components/ui/toast';
import type { FiringView } from '@/server/alerts/threshold.schema';
import { metricByKey } from '@/server/observability/metric-catalogue';
import styles from './firing-list.module.css';

interface FiringListProps {
  firings: readonly FiringView[] | undefined;
  onOpen: (thresholdId: string) => void;
}

const MOST_ENDED = 6;

const COLUMNS: readonly CsvColumn<FiringView>[] = [
  { title: 'Threshold', value: ({ name }) => name },
  { title: 'Severity', value: ({ severity }) => severity },
  { title: 'Metric', value: ({ metric }) => metric },
  { title: 'Of', value: ({ dimension }) => dimension },
  { title: 'Value', value: ({ value }) => value },
  { title: 'Fires', value: ({ comparison, threshold }) => `${comparison} ${threshold}` },
  { title: 'Began', value: ({ startedAt }) => isoTime(startedAt) },
  { title: 'Ended', value: ({ endedAt }) => isoTime(endedAt) },
  { title: 'Acknowledged', value: ({ acknowledgedAt }) => isoTime(acknowledgedAt) },
  { title: 'Acknowledged by', value: ({ acknowledgedBy }) => acknowledgedBy },
];

/** Saves every firing that is known, the ended ones that are not shown too. */
export function FiringsCsv({ firings }: { firings: readonly FiringView[] | undefined }) {
  return <CsvButton list="firings" columns={COLUMNS} rows={firings ?? []} />;
}

/** What fires now, then what ended lately. */
export function FiringList({ firings, onOpen }: FiringListProps) {
  if (!firings) return <SkeletonLines lines={1} height={30} />;
  const open = firings.filter((firing) => firing.endedAt === null);
  const ended = firings.filter((firing) => firing.endedAt !== null).slice(0, MOST_ENDED);
  return (
    <>
      {open.length === 0 && (
        <EmptyState icon="check" title="No threshold fires" compact>
          Thresholds are judged every second.
        </EmptyState>
      )}
      <ul className={styles.list}>
        {open.map((firing) => (
          <Firing key={firing.id} firing={firing} onOpen={onOpen} />
        ))}
        {ended.map((firing) => (
          <Firing key={firing.id} firing={firing} onOpen={onOpen} />
        ))}
      </ul>
    </>
  );
}

function Firing({ firing, onOpen }: { firing: FiringView; onOpen: (thresholdId: string) => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const mayDo = useMay();
  const now = useNow();
  const seen = useMutation(
    trpc.alerts.acknowledge.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.alerts.firings.queryKey() });
        await toast(`“${firing.name}” is acknowledged.`, 'good');
      },
    }),
  );
  const unit = metricByKey(firing.metric)?.unit ?? '';
  const ended = firing.endedAt !== null;
  return (
    <li className={styles.firing} data-ended={ended}>
      <StatusBadge tone={ended ? 'neutral' : firing.severity === 'critical' ? 'bad' : 'warn'}>
        {ended ? 'ended' : firing.severity}
      </StatusBadge>
      <div className={styles.words}>
        <button type="button" className={styles.name} onClick={() => onOpen(firing.thresholdId)}>
          {firing.name}
        </button>
        <span className={styles.detail}>
          {formatNumber(firing.value)} {unit}, {firing.comparison} {formatNumber(firing.threshold)}
          {firing.dimension && ` (${firing.dimension.replace('=', ' ')})`} ·{' '}
          {ended ? (
            <>
              lasted {formatDuration((firing.endedAt ?? 0) - firing.startedAt)}, ended{' '}
              <TimeAgo at={firing.endedAt ?? 0} />
            </>
          ) : (
            <>for {now > 0 ? formatDuration(Math.max(0, now - firing.startedAt)) : ''}</>
          )}
        </span>
        {firing.acknowledgedAt !== null && (
          <span className={styles.detail}>
            Acknowledged by {firing.acknowledgedBy}, <TimeAgo at={firing.acknowledgedAt} />
          </span>
        )}
      </div>
      {!ended && firing.acknowledgedAt === null && mayDo('alert.acknowledge') && (
        <Button
          variant="default"
          size="compact-xs"
          loading={seen.isPending}
          onClick={() => seen.mutate({ id: firing.id })}
          aria-label={`Acknowledge ${firing.name}`}
        >
          Acknowledge
        </Button>
      )}
    </li>
  );
}
