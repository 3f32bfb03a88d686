import { procedure, router } from './trpc';
import { addRegion, changeWorkspace, readWorkspace } from './workspace.service';
import { addRegionSchema, workspaceFormSchema } from './workspace-settings.schema';

export const workspaceRouter = router({
  get: procedure('workspace.read').query(({ ctx }) => readWorkspace(ctx.deps, ctx.actor.workspaceId)),
  change: procedure('workspace.write')
    .input(workspaceFormSchema)
    .mutation(({ ctx, input }) => changeWorkspace(ctx.deps, ctx.actor, input)),
  addRegion: procedure('workspace.write')
    .input(addRegionSchema)
    .mutation(({ ctx, input }) => addRegion(ctx.deps, ctx.actor, input)),
});
