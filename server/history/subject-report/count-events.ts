import type { countEvents } from './subject-report.repository';
import { type CountedEvents, MOST_DAYS, MOST_EVENTS_COUNTED, MOST_NAMES } from './subject-report.schema';

type Counts = Awaited<ReturnType<typeof countEvents>>;

const isoOf = (time: Date | null): string => time?.toISOString() ?? '';

/** Counts of events as a report shows them, and in words what they leave out. */
export function eventsOf(
  counts: Counts,
  sources: ReadonlyMap<string, string>,
): { counted: CountedEvents; cut: string[] } {
  const all = counts.find(({ part }) => part === 'all');
  const total = all?.events ?? 0;
  const names = counts.filter(({ part }) => part === 'name').sort((a, b) => b.events - a.events);
  const days = counts
    .filter(({ part }) => part === 'day')
    .sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? 1 : -1));
  const bySource = counts.filter(({ part }) => part === 'source').sort((a, b) => b.events - a.events);
  return {
    counted: {
      total,
      first: all?.first?.toISOString() ?? null,
      last: all?.last?.toISOString() ?? null,
      byName: names.slice(0, MOST_NAMES).map(({ name, kind, events, first, last }) => ({
        name: name ?? '',
        kind: kind ?? '',
        events,
        first: isoOf(first),
        last: isoOf(last),
      })),
      byDay: days.slice(0, MOST_DAYS).map(({ day, events }) => ({ day: day ?? '', events })),
      bySource: bySource.slice(0, MOST_NAMES).map(({ sourceId, platform, events, last }) => ({
        sourceId: sourceId ?? '',
        name: sources.get(sourceId ?? '') ?? null,
        platform: platform ?? '',
        events,
        last: isoOf(last),
      })),
    },
    cut: [
      ...(total > MOST_EVENTS_COUNTED ? [`Events counted: the newest ${MOST_EVENTS_COUNTED}.`] : []),
      ...(names.length > MOST_NAMES ? [`Names of events: the ${MOST_NAMES} most frequent.`] : []),
      ...(days.length > MOST_DAYS ? [`Days with events: the newest ${MOST_DAYS}.`] : []),
    ],
  };
}
