import { Fault } from '@/server/core/fault';
import type { WindowedAggregatePipeline } from '@/server/streaming/pipeline';
import type { Alignment, BusinessCalendar } from '@/server/streaming/window-shape';
import type { WindowDefinition, WindowForm } from './window-definition.schema';

export type CalendarLookup = (id: string) => Promise<BusinessCalendar | null>;

/**
 * An alignment with its calendar in it.
 * @throws Fault `not_found` when the calendar is gone
 */
export async function alignmentOf(
  alignment: WindowDefinition['alignment'],
  lookUp: CalendarLookup,
): Promise<Alignment> {
  if (alignment.kind !== 'businessHours') return alignment;
  const calendar = await lookUp(alignment.calendarId);
  if (calendar === null) throw new Fault('not_found', 'The calendar of these windows was removed.');
  return { kind: 'businessHours', calendar };
}

/** What people defined as the engine's own definition. */
export async function pipelineOf(
  { name, definition }: WindowForm,
  lookUp: CalendarLookup,
): Promise<WindowedAggregatePipeline> {
  const alignment = await alignmentOf(definition.alignment, lookUp);
  return { kind: 'windowedAggregate', name, ...definition, alignment };
}
