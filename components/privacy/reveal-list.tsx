'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { CsvButton } from '@/components/ui/csv-button';
import { formatDuration } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { useNow } from '@/components/ui/shared-clock';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import styles from './privacy.module.css';
import type { Reveal } from './privacy-data';

const COLUMNS: readonly CsvColumn<Reveal>[] = [
  { title: 'Who', value: ({ name }) => name },
  { title: 'Customer', value: ({ customer }) => customer },
  { title: 'Reason', value: ({ reason }) => reason },
  { title: 'Ends', value: ({ until }) => isoTime(until) },
];

/** Who sees unmasked personal data at this moment, with a button to end it. */
export function RevealList() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data, isError, refetch } = useQuery(trpc.customers.reveals.queryOptions());
  const end = useMutation(
    trpc.customers.endReveal.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.customers.reveals.queryKey() }),
    }),
  );
  return (
    <Pane
      title="Reveals now"
      note={data ? `${data.length}` : undefined}
      padded={false}
      className={styles.reveals}
      actions={<CsvButton list="reveals" columns={COLUMNS} rows={data ?? []} />}
    >
      {isError && !data ? (
        <ErrorState compact onRetry={() => refetch()} />
      ) : !data ? (
        <SkeletonLines lines={3} />
      ) : data.length === 0 ? (
        <EmptyState icon="privacy" title="Everything is masked" compact>
          When someone reveals names or contact data, it shows here until it ends.
        </EmptyState>
      ) : (
        <ul className={styles.lines}>
          {data.map((reveal) => (
            <RevealLine
              key={`${reveal.userId} ${reveal.customer}`}
              reveal={reveal}
              busy={end.isPending}
              onEnd={() => end.mutate({ customer: reveal.customer, userId: reveal.userId })}
            />
          ))}
        </ul>
      )}
    </Pane>
  );
}

function RevealLine({ reveal, busy, onEnd }: { reveal: Reveal; busy: boolean; onEnd: () => void }) {
  const now = useNow();
  const left = now === 0 ? null : Math.max(0, reveal.until - now);
  return (
    <li className={styles.reveal}>
      <span className={styles.grow}>
        <b>{reveal.name}</b> sees <span className={styles.mono}>{reveal.customer}</span>
        <span className={styles.below}>
          {reveal.reason} · {left === null ? '' : `ends in ${formatDuration(left)}`}
        </span>
      </span>
      <Button
        variant="default"
        onClick={onEnd}
        disabled={busy}
        aria-label={`End ${reveal.name}'s reveal of ${reveal.customer}`}
      >
        End
      </Button>
    </li>
  );
}
