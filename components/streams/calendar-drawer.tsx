'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Drawer } from '@/components/ui/drawer';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import { CalendarForm } from './calendar-form';
import styles from './windows.module.css';

/** The workspace's calendars: opening hours and holidays, each in its zone. */
export function CalendarDrawer({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const canWrite = useMay()('pipeline.write');
  const calendars = useQuery(trpc.windows.calendars.queryOptions());
  const [editing, setEditing] = useState<BusinessCalendarView | 'new' | null>(null);
  const title = editing === 'new' ? 'New calendar' : (editing?.name ?? 'Calendars');
  return (
    <Drawer opened onClose={onClose} title={title} size={520}>
      {editing ? (
        <CalendarForm
          key={editing === 'new' ? 'new' : editing.id}
          calendar={editing === 'new' ? null : editing}
          onDone={() => setEditing(null)}
        />
      ) : (
        <div className={styles.form}>
          {calendars.isError && <ErrorState compact onRetry={() => calendars.refetch()} />}
          {calendars.isPending && <SkeletonLines lines={3} />}
          {calendars.data?.length === 0 && (
            <EmptyState icon="clock" title="No calendar yet" compact>
              A calendar says when you are open: hours of the week in a time zone, without its holidays.
            </EmptyState>
          )}
          <ul className={styles.calendars}>
            {calendars.data?.map((calendar) => (
              <li key={calendar.id}>
                <span>
                  <b>{calendar.name}</b>{' '}
                  <span className={styles.quiet}>
                    {calendar.zone} · {calendar.hours.length} openings a week · {calendar.holidays.length}{' '}
                    holidays
                  </span>
                </span>
                <Button size="compact-xs" variant="default" onClick={() => setEditing(calendar)}>
                  Open {calendar.name}
                </Button>
              </li>
            ))}
          </ul>
          {canWrite && (
            <div>
              <Button onClick={() => setEditing('new')}>New calendar</Button>
            </div>
          )}
        </div>
      )}
    </Drawer>
  );
}
