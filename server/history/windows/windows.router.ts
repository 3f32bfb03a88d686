import { procedure, router } from '@/server/identity/trpc';
import { listCalendars } from './business-calendar.repository';
import { businessCalendarChange, businessCalendarForm, businessCalendarId } from './business-calendar.schema';
import { changeCalendar, createCalendar, removeCalendar } from './business-calendar.service';
import { pipelines } from './pipelines.service';
import { listWindows } from './window-definition.repository';
import { windowChange, windowForm, windowId, windowResultsInput } from './window-definition.schema';
import { changeWindow, createWindow, removeWindow } from './window-definition.service';
import { windowResults } from './window-results.service';

/** Windowed aggregates, the calendars they follow, and pipelines as text for other engines. */
export const windowsRouter = router({
  list: procedure('streams.read').query(({ ctx: { deps, actor } }) => listWindows(deps, actor.workspaceId)),
  /** The windows of a definition, saved or not, over a range. */
  results: procedure('streams.read')
    .input(windowResultsInput)
    .query(({ ctx: { deps, actor }, input }) => windowResults(deps, actor.workspaceId, input)),
  create: procedure('pipeline.write')
    .input(windowForm)
    .mutation(({ ctx: { deps, actor }, input }) => createWindow(deps, actor, input)),
  change: procedure('pipeline.write')
    .input(windowChange)
    .mutation(({ ctx: { deps, actor }, input }) => changeWindow(deps, actor, input)),
  remove: procedure('pipeline.write')
    .input(windowId)
    .mutation(({ ctx: { deps, actor }, input }) => removeWindow(deps, actor, input.id)),
  calendars: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    listCalendars(deps, actor.workspaceId),
  ),
  createCalendar: procedure('pipeline.write')
    .input(businessCalendarForm)
    .mutation(({ ctx: { deps, actor }, input }) => createCalendar(deps, actor, input)),
  changeCalendar: procedure('pipeline.write')
    .input(businessCalendarChange)
    .mutation(({ ctx: { deps, actor }, input }) => changeCalendar(deps, actor, input)),
  removeCalendar: procedure('pipeline.write')
    .input(businessCalendarId)
    .mutation(({ ctx: { deps, actor }, input }) => removeCalendar(deps, actor, input.id)),
  /** Every pipeline as data and as Flink SQL. */
  pipelines: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    pipelines(deps, actor.workspaceId),
  ),
});
