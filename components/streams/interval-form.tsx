'use client';
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { toast, wordsOf } from '@/components/ui/toast';
import { OFFERED_INTERVALS_MS } from '@/server/history/checkpoint.schema';
import { formatMs } from './bytes';
import styles from './checkpoints.module.css';
import type { CheckpointEstimate, Checkpoints } from './state-data';

/** How often each partition is taken; what another interval would do is said before it is saved. */
export function IntervalForm({ data }: { data: Checkpoints }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mayDo = useMay();
  const [chosen, setChosen] = useState(data.intervalMs);
  const save = useMutation(
    trpc.checkpoints.setInterval.mutationOptions({
      onSuccess: async () => {
        await client.invalidateQueries({ queryKey: trpc.checkpoints.overview.queryKey() });
        await toast(`Snapshots are taken every ${formatDuration(chosen)} from now on.`, 'good');
      },
      onError: (error) => toast(wordsOf(error), 'bad'),
    }),
  );
  const choices = [...new Set([...OFFERED_INTERVALS_MS, data.intervalMs])].sort((a, b) => a - b);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ intervalMs: chosen });
      }}
    >
      <NativeSelect
        label="A snapshot of each partition every"
        description="Partitions without news since their last one are passed over."
        value={String(chosen)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        data={choices.map((ms) => ({ value: String(ms), label: formatDuration(ms) }))}
      />
      <ConsequencePreview summary={consequence(data, chosen)} window="from own measurements" />
      <p className={styles.note}>
        The installation’s default is {formatDuration(data.defaultIntervalMs)}; {data.keep} snapshots of each
        partition are kept.
      </p>
      {mayDo('state.write') && (
        <Button type="submit" loading={save.isPending} disabled={chosen === data.intervalMs}>
          Save interval
        </Button>
      )}
    </form>
  );
}

function consequence(data: Checkpoints, chosen: number): string {
  if (data.curve === null) return `Not known yet: ${data.unmeasured}.`;
  const at = (ms: number) => data.curve?.find(({ intervalMs }) => intervalMs === ms);
  const [now, then] = [at(data.intervalMs), at(chosen)];
  if (then === undefined) return 'Not one of the measured intervals.';
  if (chosen === data.intervalMs || now === undefined) return `As it is: ${wordsFor(then)}.`;
  return `${wordsFor(then)}; now ${wordsFor(now)}.`;
}

function wordsFor({ overhead, stall, recoveryMs }: CheckpointEstimate): string {
  const share = (part: number) => `${formatNumber(Number((part * 100).toPrecision(2)))} %`;
  return `${share(overhead)} of one core, Redis busy with it ${share(stall)} of the time, a lost Redis back in ${formatMs(recoveryMs)}`;
}
