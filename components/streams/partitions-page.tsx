'use client';
import { useAddressParam } from '@/components/ui/address';
import { Figure } from '@/components/ui/figure';
import { FigureStrip } from '@/components/ui/figure-strip';
import { formatWhole } from '@/components/ui/format';
import { type HelpTopic, Page } from '@/components/ui/page';
import { ErrorState } from '@/components/ui/states';
import { HeatMap } from './heat-map';
import { HotCustomerTable } from './hot-customer-table';
import { RebalancePane } from './rebalance-pane';
import { useLagBoard } from './use-lag-board';
import { useDisorder } from './use-scaling';
import { WhatIfPane } from './what-if-pane';

/** Where the load is, who makes it, and what another partitioning or other workers would do about it. */
export function PartitionsPage() {
  const board = useLagBoard();
  const [selected, select] = useAddressParam('partition');
  const disorder = useDisorder();
  const { data } = board;
  if (board.status === 'refused') {
    return (
      <Page title="Partitions">
        <ErrorState title="The partitions are not open to you">{board.reason}</ErrorState>
      </Page>
    );
  }
  const skew = data?.skew;
  const reason = data?.problem ?? board.reason ?? 'nothing comes in just now';
  return (
    <Page
      title="Partitions"
      about="Throughput and lag of every partition, and whose events they are"
      help={HELP}
    >
      <FigureStrip label="Skew and order">
        <Figure
          label="Skew of partitions"
          unit="× mean"
          window="largest ÷ mean, last 5 s"
          value={data ? (skew?.partitions ?? null) : undefined}
          at={data?.at}
          reason={reason}
        />
        <Figure
          label="Skew of workers"
          unit="× mean"
          window="largest ÷ mean, last 5 s"
          value={data ? (skew?.workers ?? null) : undefined}
          at={data?.at}
          reason={reason}
        />
        <Figure
          label="Out of order"
          unit="events"
          value={disorder.data ? (disorder.data.events === 0 ? null : disorder.data.outOfOrder) : undefined}
          live={false}
          at={disorder.data?.to ?? null}
          reason="history has not been looked over yet: the first check comes within a minute"
          against={disorder.data ? `of ${formatWhole(disorder.data.events)} looked at, last 24 h` : undefined}
          href="#map"
        />
      </FigureStrip>
      <HeatMap snapshot={data} selected={selected} onSelect={select} disorder={disorder.data} />
      <HotCustomerTable selected={selected} />
      <WhatIfPane />
      <RebalancePane />
    </Page>
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'The map',
    text: 'One square a partition. Its fill is what comes in, from nothing to the busiest partition; its frame and figure are the lag. Arrows move between squares, Enter shows that partition alone.',
  },
  {
    title: 'Skew index',
    text: 'The largest load divided by the mean of all. 1 means that all carry the same; 64 of 64 partitions would mean that one carries everything. Since the busiest sets the pace, what is above 1 is time that the others wait.',
  },
  {
    title: 'Hot customers',
    text: 'Each worker keeps a sketch of 16 counters a partition (Space-Saving) over the last 10 seconds, fed by at most 32 records of each batch. Shares are estimates: a customer with more than a sixteenth of a partition is not missed. Customers who opted out are counted without their keys. Keys are masked unless your role may read customers.',
  },
  {
    title: 'Out of order',
    text: 'Once a minute the new part of history is looked over. An event counts when one of the same customer and source stands before it in the log with a later event time: the sender, the way, or we brought it out of order. Events out of order within the lateness still correct the results.',
  },
  {
    title: 'What if',
    text: 'A sample of the last day’s real events is hashed again by the same function that chooses partitions. Another key than the customer spreads a customer over partitions: the order of their events would be lost, and so is refused by the product; the figures say what it would gain.',
  },
  {
    title: 'Rebalance',
    text: 'The same planner that the workers follow, on the load of the last day, for another number of workers. Nothing is moved from here: start or stop workers, and they move by themselves.',
  },
];
