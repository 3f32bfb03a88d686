import { procedure, router } from '@/server/identity/trpc';
import { metricHistory, usualBands } from './metric-history.service';
import { historyInput, usualInput } from './operations.schema';

/** What the Operations screen asks for beside its live room. */
export const operationsRouter = router({
  history: procedure('operations.read')
    .input(historyInput)
    .query(({ ctx: { deps, actor }, input }) => metricHistory(deps, actor.workspaceId, input)),
  usual: procedure('operations.read')
    .input(usualInput)
    .query(({ ctx: { deps, actor }, input }) => usualBands(deps, actor.workspaceId, input.metrics)),
});
