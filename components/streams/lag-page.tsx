'use client';
import { type HelpTopic, Page } from '@/components/ui/page';
import { ErrorState } from '@/components/ui/states';
import { LagCauses } from './lag-causes';
import { LagFigures } from './lag-figures';
import styles from './lag-page.module.css';
import { LagRefusalsNote } from './lag-refusals-note';
import { LagTable } from './lag-table';
import { useLagBoard } from './use-lag-board';

/** How far behind processing and archive are, since when, until when, and why. */
export function LagPage() {
  const board = useLagBoard();
  const { data, status, reason } = board;
  if (status === 'refused') {
    return (
      <Page title="Lag">
        <ErrorState title="The lag board is not open to you">{reason}</ErrorState>
      </Page>
    );
  }
  return (
    <Page
      title="Lag"
      about={`Seconds behind, by processor group and partition. ${data ? `Past ${data.limitSeconds} s is a breach: the lowest threshold on lag, or 10 s.` : ''}`}
      help={HELP}
    >
      {data?.problem && (
        <p className={styles.problem} role="alert">
          {data.problem} What was acknowledged is on disk; nothing is known of the lag until it answers.
        </p>
      )}
      {data?.refusals && <LagRefusalsNote refusals={data.refusals} />}
      <LagFigures board={board} />
      <LagCauses snapshot={data} />
      <LagTable snapshot={data} />
    </Page>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'Lag',
    text: 'Now minus the log time of the oldest record that was not processed. 0 only when all is done and a worker was heard of within the last second; a partition of which no worker is heard shows a dash, never zero.',
  },
  {
    title: 'Time to drain, time to breach',
    text: 'At the rates of the last 5 seconds: the backlog divided by what is processed beyond what comes in; and what is left to the limit divided by the growth of the lag over the last 10 seconds.',
  },
  {
    title: 'Causes',
    text: 'Looked for from 1 second of lag on, in this order, each only where those before show nothing: no worker holds the partition; the archive has done all that was processed, so that processing is what is behind; the worker waits for its store for at least half of the time, or for over 2 seconds, or in vain; one customer sends at least two fifths of what comes to the worker; handlers take three times as long as usual; at least twice as much comes in as usual. The figures are the readings it was concluded from.',
  },
  {
    title: 'Refused traffic',
    text: 'When what waits would take longer to process than SHED_BEHIND_SECONDS allows, and is not getting less, collectors answer a part of the requests 429 with Retry-After, so that about as much comes in as is processed. Senders keep those events and send them again. It ends by itself; it does not begin while a backlog is draining, or while processors stand still.',
  },
  {
    title: 'What is usual',
    text: 'Handler time is learned by each worker while it keeps up. Arrivals are the median of the last five minutes, the last 20 seconds left out, while somebody has this page open.',
  },
];
