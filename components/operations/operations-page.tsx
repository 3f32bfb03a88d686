'use client';
import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { memo, useCallback, useMemo } from 'react';
import { useTRPC } from '@/components/api';
import { type PaletteAction, usePaletteActions } from '@/components/shell/palette-store';
import { useShortcut } from '@/components/shell/shortcuts';
import { useAddressParam } from '@/components/ui/address';
import { Icon } from '@/components/ui/icon';
import { type HelpTopic, Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState } from '@/components/ui/states';
import { type TimeRange, useTimeRange } from '@/components/ui/time-range';
import { WhenNear } from '@/components/ui/when-near';
import type { ChangeMark } from '@/server/observability/change.repository';
import type { OperationsSnapshot } from '@/server/observability/operations.schema';
import { AlertRefresh } from './alert-refresh';
import { ChangeList, ChangesCsv } from './change-list';
import { CourseChart } from './course-chart';
import { FiringList, FiringsCsv } from './firing-list';
import { firingNow } from './firing-now';
import styles from './operations-page.module.css';
import { River } from './river';
import { StandingEscalations } from './standing-escalations';
import { Strip } from './strip';
import { useListedStep } from './use-listed-step';
import {
  useEachSecond,
  useFirings,
  useMinute,
  useOperations,
  useThresholds,
  useUsual,
} from './use-operations';

const ThresholdDrawer = dynamic(() => import('./threshold-drawer').then((module) => module.ThresholdDrawer), {
  ssr: false,
});

const LiveVisitsDrawer = dynamic(
  () => import('./live-visits-drawer').then((module) => module.LiveVisitsDrawer),
  { ssr: false },
);

const Breakdown = dynamic(() => import('./breakdown').then((module) => module.Breakdown), {
  ssr: false,
  loading: () => <div style={{ minHeight: BREAKDOWN_PX }} />,
});
const BREAKDOWN_PX = 480;

const RANGE = '1h';
const HOUR_MS = 3_600_000;

/** The lists and the chart need no finer step; what is live moves by itself. */
const STEP_MS = 10_000;

/** Ops' first screen: is it all right, what fires, what changed, and where it flows. */
export function OperationsPage({ changes }: { changes: readonly ChangeMark[] | undefined }) {
  const [drawer, setDrawer] = useAddressParam('threshold');
  const open = useCallback(() => setDrawer('list'), [setDrawer]);
  useShortcut('t', 'Thresholds', open);
  useShortcut('n', 'New threshold', () => setDrawer('new'));
  usePaletteActions(useMemo(() => paletteActions(setDrawer), [setDrawer]));
  return (
    <Page
      title="Operations"
      range={RANGE}
      help={HELP}
      actions={
        <Button variant="default" leftSection={<Icon name="bell" size={14} />} onClick={open}>
          Thresholds
        </Button>
      }
    >
      <AlertRefresh />
      <LiveParts changes={changes} onAlerts={open} onThreshold={setDrawer} />
      <Thresholds drawer={drawer} setDrawer={setDrawer} />
      <LiveVisitsOfStep />
    </Page>
  );
}

function paletteActions(setDrawer: (shown: string) => void): PaletteAction[] {
  const group = 'Actions';
  return [
    {
      id: 'threshold:list',
      label: 'Thresholds',
      group,
      icon: 'bell',
      keys: 't',
      run: () => setDrawer('list'),
    },
    {
      id: 'threshold:new',
      label: 'New threshold',
      group,
      icon: 'plus',
      keys: 'n',
      run: () => setDrawer('new'),
    },
  ];
}

function Thresholds({ drawer, setDrawer }: { drawer: string; setDrawer: (shown: string | null) => void }) {
  const range = useTimeRange(RANGE, STEP_MS);
  const thresholds = useThresholds();
  const firings = useFirings(range);
  if (drawer === '') return null;
  return (
    <ThresholdDrawer
      shown={drawer}
      onShow={setDrawer}
      thresholds={thresholds.data}
      firings={firings.data ?? []}
      range={range}
    />
  );
}

/** Opened by the funnel, or by an address that somebody shared. */
function LiveVisitsOfStep() {
  const { step, list } = useListedStep();
  return step && list ? <LiveVisitsDrawer step={step} onClose={() => list(null)} /> : null;
}

interface LivePartsProps {
  /** of the last hour when the page was made */
  changes: readonly ChangeMark[] | undefined;
  onAlerts: () => void;
  onThreshold: (id: string) => void;
}

/** Everything that follows the room: the strip four times a second, the rest once. */
function LiveParts({ changes, onAlerts, onThreshold }: LivePartsProps) {
  const range = useTimeRange(RANGE, STEP_MS);
  const room = useOperations(range.live);
  const second = useEachSecond(room.data);
  const usual = useUsual();
  const firings = useFirings(range);
  return (
    <>
      <Strip
        room={room}
        usual={usual}
        firing={firingNow(firings)}
        onLag={() => document.getElementById('lag')?.scrollIntoView({ behavior: 'smooth' })}
        onAlerts={onAlerts}
      />
      <Middle changed={changes} live={second} range={range} usual={usual} onThreshold={onThreshold} />
      <River data={second} />
      <WhenNear height={BREAKDOWN_PX} ids={['lag', 'by-platform', 'funnel']}>
        <Breakdown data={second} />
      </WhenNear>
    </>
  );
}

interface MiddleProps {
  changed: LivePartsProps['changes'];
  live: OperationsSnapshot | null;
  range: TimeRange;
  usual: ReturnType<typeof useUsual>;
  onThreshold: (id: string) => void;
}

/** The course, and beside it what fires and what was changed. */
const Middle = memo(function Middle({ changed, live, range, usual, onThreshold }: MiddleProps) {
  const firings = useFirings(range);
  const thresholds = useThresholds();
  const changes = useChanges(range.from, range.to);
  const lastHour = changes.data?.filter((change) => change.at >= range.to - HOUR_MS) ?? changed;
  return (
    <div className={styles.split}>
      <CourseChart
        range={range}
        live={live}
        usual={usual}
        thresholds={thresholds.data ?? []}
        firings={firings.data ?? []}
        changes={changes.data ?? []}
      />
      <div className={styles.side}>
        <Pane title="What fires now" actions={<FiringsCsv firings={firings.data} />}>
          <StandingEscalations />
          {firings.isError && !firings.data ? (
            <ErrorState compact onRetry={() => firings.refetch()} />
          ) : (
            <FiringList firings={firings.data} onOpen={onThreshold} />
          )}
        </Pane>
        <Pane title="What changed" note="last hour" actions={<ChangesCsv changes={lastHour} />}>
          <ChangeList changes={lastHour} />
        </Pane>
      </div>
    </div>
  );
});

/** Changes in the page's range, and at least in the last hour. */
function useChanges(from: number, to: number) {
  const trpc = useTRPC();
  const minute = useMinute();
  const until = Math.max(minute, Math.floor(to / 60_000) * 60_000) + 60_000;
  const since = Math.max(0, Math.min(Math.floor(from / 60_000) * 60_000, until - HOUR_MS - 60_000));
  return useQuery(
    trpc.operations.changes.queryOptions(
      { from: since, to: until },
      { placeholderData: keepPreviousData, refetchInterval: 30_000, enabled: since > 0 },
    ),
  );
}

const HELP: readonly HelpTopic[] = [
  {
    title: 'Five figures',
    text: 'Each shows its unit, the span it is taken over and the age of its newest data. It greys when nothing newer has come for three seconds and says why. A dash means that it is not known. The shaded band is what is usual at this hour.',
  },
  {
    title: 'Abandonment over lag and errors',
    text: 'Three charts on one time axis. Drag across one to zoom: the range then stands in the address and the page is paused. Pennants mark changes that people made; shaded spans are firings.',
  },
  {
    title: 'Thresholds',
    text: 'A threshold is judged every second. It fires when its metric has been past the value for the hold time, and ends when the value has come back by five per cent and stayed there. Before you save, the editor shows what it would have done.',
  },
  {
    title: 'Escalated waits',
    text: 'Chats and calls that nobody has taken by a step of the escalations stand at the head of “What fires now”, until they are taken or the customer leaves. The count opens the list. The steps are set in Settings, Workspace.',
  },
  {
    title: 'The river',
    text: 'Width is events per second through each stage, colour the lag of the slowest partition. A dashed line is a rate that is not known.',
  },
  {
    title: 'Lag',
    text: 'Now minus the time of the oldest record that was not processed. A partition of which no worker has been heard shows a dash, never zero.',
  },
  {
    title: 'How far do visits come?',
    text: 'How many of the visits kept reached each step, and how many of the live ones. The live number opens the list of those visits, the newest first; who looks is on record, and keys that are somebody’s address or number are cut. Below a step: how many fewer live visits are there than at the step before it, and its share of all live visits. Beside the share stands what is usual at this hour, once there is enough history; a share outside it is marked. Each share is a metric that a threshold can watch.',
  },
];
