'use client';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { useAddressParam } from '@/components/ui/address';
import { Icon } from '@/components/ui/icon';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useTimeRange } from '@/components/ui/time-range';
import type { WindowView } from '@/server/history/windows/window-definition.schema';
import { WindowList } from './window-list';
import { WindowResultsPanes } from './window-results';
import { WINDOWS_HELP } from './windows-help';

const WindowEditor = dynamic(() => import('./window-editor').then((module) => module.WindowEditor), {
  ssr: false,
});
const CalendarDrawer = dynamic(() => import('./calendar-drawer').then((module) => module.CalendarDrawer), {
  ssr: false,
});

const RANGE = '6h';
/** Results of a live range are asked for anew this often. */
const STEP_MS = 10_000;

/** Windowed aggregates, and what became of the windows of one of them. */
export function WindowsPage() {
  const trpc = useTRPC();
  const range = useTimeRange(RANGE, STEP_MS);
  const [selected, setSelected] = useAddressParam('window');
  const [editing, setEditing] = useState<WindowView | 'new' | null>(null);
  const [showsCalendars, setShowsCalendars] = useState(false);
  const canWrite = useMay()('pipeline.write');
  const windows = useQuery(trpc.windows.list.queryOptions());
  const calendars = useQuery(trpc.windows.calendars.queryOptions());
  const shown = windows.data?.find(({ id }) => id === selected) ?? windows.data?.[0];
  return (
    <Page
      title="Windows"
      about="A measure over spans of event time, with what was published and what corrections made of it"
      help={WINDOWS_HELP}
      range={RANGE}
      actions={
        <Group gap={8}>
          <Button variant="default" onClick={() => setShowsCalendars(true)}>
            Calendars
          </Button>
          {canWrite && (
            <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setEditing('new')}>
              New windows
            </Button>
          )}
        </Group>
      }
    >
      <Pane title="Windowed aggregates" note={windows.data && `${windows.data.length}`} padded={false}>
        {windows.isError ? (
          <ErrorState compact onRetry={() => windows.refetch()} />
        ) : !windows.data || !calendars.data ? (
          <SkeletonLines lines={3} />
        ) : windows.data.length === 0 ? (
          <EmptyState icon="clock" title="No windows yet" compact>
            Choose a measure, such as the abandonment rate, and the windows it is told by.
          </EmptyState>
        ) : (
          <WindowList
            windows={windows.data}
            calendars={calendars.data}
            selected={shown?.id ?? null}
            onSelect={setSelected}
            onEdit={setEditing}
          />
        )}
      </Pane>
      {shown && calendars.data && (
        <WindowResultsPanes key={shown.id} window={shown} calendars={calendars.data} range={range} />
      )}
      {editing && (
        <WindowEditor
          window={editing === 'new' ? null : editing}
          calendars={calendars.data ?? []}
          range={range}
          onClose={(id) => {
            setEditing(null);
            if (id) setSelected(id);
          }}
        />
      )}
      {showsCalendars && <CalendarDrawer onClose={() => setShowsCalendars(false)} />}
    </Page>
  );
}
