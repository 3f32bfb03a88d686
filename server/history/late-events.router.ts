import { procedure, router } from '@/server/identity/trpc';
import { lateFilter, lateSummaryInput } from './late-event.schema';
import { latePage, lateSummary } from './late-event.service';

/** Events later than the allowed lateness, with what was published and what would have been. */
export const lateEventsRouter = router({
  list: procedure('streams.read')
    .input(lateFilter)
    .query(({ ctx: { deps, actor }, input }) => latePage(deps, actor, input)),
  summary: procedure('streams.read')
    .input(lateSummaryInput)
    .query(({ ctx: { deps, actor }, input }) => lateSummary(deps, actor.workspaceId, input)),
});
