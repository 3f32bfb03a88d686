import { procedure, router } from '@/server/identity/trpc';
import { runningModules } from './modules.service';

/** Which processes run the modules of the product, and of which build. */
export const modulesRouter = router({
  running: procedure('streams.read').query(({ ctx: { deps } }) => runningModules(deps)),
});
