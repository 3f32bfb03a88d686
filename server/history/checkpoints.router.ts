import { procedure, router } from '@/server/identity/trpc';
import { drillInput, intervalInput } from './checkpoint.schema';
import { askDrill, changeInterval, checkpointOverview } from './snapshots/checkpoints.service';

/** Snapshots of the state: what was taken, at what cost, and how long restoring takes. */
export const checkpointsRouter = router({
  overview: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    checkpointOverview(deps, actor.workspaceId),
  ),
  setInterval: procedure('state.write')
    .input(intervalInput)
    .mutation(({ ctx: { deps, actor }, input }) => changeInterval(deps, actor, input.intervalMs)),
  drill: procedure('state.write')
    .input(drillInput)
    .mutation(({ ctx: { deps, actor }, input }) => askDrill(deps, actor, input)),
});
