import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { createCalendar, createWindow, listCalendars, listWindows, type WindowForm } from '@/server/history';
import type { Deps } from '@/server/platform/deps';

const CALENDAR = {
  name: 'Shop hours',
  zone: 'America/New_York',
  hours: [1, 2, 3, 4, 5, 6].map((day) => ({ day, opens: '09:00', closes: '18:00' })),
  holidays: ['2026-12-25', '2027-01-01'],
};

/** Windows to begin with: a rate that corrects itself, a sum by platform, and one that follows opening hours. */
function starters(calendarId: string): WindowForm[] {
  const usual = {
    groupBy: 'none',
    alignment: { kind: 'epoch', offsetMs: 0 },
    watermarkDelayMs: 0,
    latenessMs: 10 * MINUTE_MS,
    latePolicy: { kind: 'sideOutput', keepMs: DAY_MS },
  } as const;
  return [
    {
      name: 'Abandonment by quarter of an hour',
      definition: {
        ...usual,
        measure: 'abandonmentRate',
        shape: { kind: 'tumbling', sizeMs: 15 * MINUTE_MS },
        latePolicy: { kind: 'correct', keepMs: DAY_MS },
      },
    },
    {
      name: 'Revenue of an hour, every quarter',
      definition: {
        ...usual,
        measure: 'revenue',
        groupBy: 'platform',
        shape: { kind: 'hopping', sizeMs: HOUR_MS, slideMs: 15 * MINUTE_MS },
      },
    },
    {
      name: 'Visits by opening hour',
      definition: {
        ...usual,
        measure: 'visits',
        shape: { kind: 'tumbling', sizeMs: HOUR_MS },
        alignment: { kind: 'businessHours', calendarId },
      },
    },
  ];
}

/** A calendar and windows to begin with; what is there by its name is not made again. */
export async function seedWindows(
  deps: Deps,
  { workspaceId, people }: { workspaceId: string; people: { ops: string } },
): Promise<void> {
  const person = { workspaceId, userId: people.ops };
  const found = (await listCalendars(deps, workspaceId)).find(({ name }) => name === CALENDAR.name);
  const { id } = found ?? (await createCalendar(deps, person, CALENDAR));
  const there = new Set((await listWindows(deps, workspaceId)).map(({ name }) => name));
  for (const form of starters(id)) if (!there.has(form.name)) await createWindow(deps, person, form);
}
