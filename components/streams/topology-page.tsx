'use client';
import dynamic from 'next/dynamic';
import { useCallback, useMemo } from 'react';
import { usePaletteActions } from '@/components/shell/palette-store';
import { useAddressParam } from '@/components/ui/address';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { SkeletonLines } from '@/components/ui/states';
import { OPERATORS, type OperatorKey } from '@/server/processors/topology.schema';
import { OperatorTable } from './operator-table';
import { TopologyGraph } from './topology-graph';
import { GRAPH_HEIGHT } from './topology-layout';
import styles from './topology-page.module.css';
import { TopologyStrip } from './topology-strip';
import { type StreamsRoom, useStreams } from './use-streams';
import { WatermarkPane } from './watermark-pane';

const OperatorDrawer = dynamic(() => import('./operator-drawer').then((module) => module.OperatorDrawer), {
  ssr: false,
});

/** The operators, what flows between them, how far event time is, and what each of them costs. */
export function TopologyPage() {
  const room = useStreams();
  const [operator, setOperator] = useAddressParam('operator');
  const select = useCallback((key: OperatorKey) => setOperator(key), [setOperator]);
  usePaletteActions(useMemo(() => paletteActions(select), [select]));
  const open = OPERATORS.find(({ key }) => key === operator);
  return (
    <Page title="Topology" about="A topology is data: what runs is what is drawn." help={HELP}>
      <TopologyStrip room={room} />
      <Pane
        title="Where does it flow, and what does it cost?"
        note="width: events/s over the last 10 s; colour: lag of the group; µs: time in hand per event; size: keyed state"
      >
        <Graph room={room} operator={operator} onSelect={select} />
      </Pane>
      {room.data && (
        <div className={styles.split}>
          <OperatorTable data={room.data} selected={operator} onSelect={select} />
          <WatermarkPane watermark={room.data.watermark} />
        </div>
      )}
      {open && (
        <OperatorDrawer
          operatorKey={open.key}
          figures={room.data?.operators[open.key]}
          followed={room.data?.followed ?? 0}
          onClose={() => setOperator(null)}
          onSelect={select}
        />
      )}
    </Page>
  );
}

function Graph({
  room,
  operator,
  onSelect,
}: {
  room: StreamsRoom;
  operator: string;
  onSelect: (key: OperatorKey) => void;
}) {
  if (room.data === null) {
    return (
      <div style={{ height: GRAPH_HEIGHT }}>
        <SkeletonLines lines={14} height={22} />
      </div>
    );
  }
  return (
    <section className={styles.scroll} data-stale={room.stale} aria-label="Operators and their flow">
      <TopologyGraph data={room.data} selected={operator} onSelect={onSelect} />
    </section>
  );
}

function paletteActions(select: (key: OperatorKey) => void) {
  return OPERATORS.map(({ key, name, about }) => ({
    id: `operator:${key}`,
    label: `Operator: ${name}`,
    about,
    group: 'Actions',
    run: () => select(key),
  }));
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'The picture',
    text: 'Every operator under its own name, in the order in which an event meets them. A line’s width is its rate; a dashed line carries nothing now. Point at an operator to see what a change of it reaches; Enter or a click opens it.',
  },
  {
    title: 'Rates',
    text: 'Differences of counters that the partitions commit with their state, over the last ten seconds. Where no counter exists (cart events, turns, rules asked), the share of the followed events is taken of all.',
  },
  {
    title: 'Time in hand',
    text: 'One event in 32 is followed through the operators. The figure is the mean of the last minute on this workspace’s events, over all workers.',
  },
  {
    title: 'Watermark',
    text: 'The least event time that every moving partition has reached. A partition without events is idle and left out, else it would hold all windows open. Results older than the watermark by the allowed lateness are final.',
  },
  {
    title: 'State',
    text: 'Estimated: some states chosen by chance are taken apart by operator, and their mean is multiplied by the number of customers kept.',
  },
];
