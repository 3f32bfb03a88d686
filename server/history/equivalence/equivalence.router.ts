import { procedure, router } from '@/server/identity/trpc';
import { listReports } from './equivalence.repository';

const SHOWN = 20;

/** What builds that were to be deployed made of the workspace's state. */
export const equivalenceRouter = router({
  list: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    listReports(deps, actor.workspaceId, SHOWN),
  ),
});
