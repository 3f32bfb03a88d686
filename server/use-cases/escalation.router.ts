import { procedure, router } from '@/server/identity/trpc';
import { countStanding } from './escalation.repository';
import { escalationFilterSchema, escalationPlanSchema } from './escalation.schema';
import { escalationPage, setPlan } from './escalation.service';
import { readPlan } from './escalation-plan.repository';

/** When waits for an agent are raised and to whom, and those that were. */
export const escalationsRouter = router({
  plan: procedure('escalation.read').query(({ ctx }) => readPlan(ctx.deps, ctx.actor.workspaceId)),

  setPlan: procedure('workspace.write')
    .input(escalationPlanSchema)
    .mutation(({ ctx, input }) => setPlan(ctx.deps, ctx.actor, input)),

  /** How many waits stand raised, without saying whose. */
  standing: procedure('operations.read').query(({ ctx }) => countStanding(ctx.deps, ctx.actor.workspaceId)),

  list: procedure('escalation.read')
    .input(escalationFilterSchema)
    .query(({ ctx, input }) => escalationPage(ctx.deps, ctx.actor, input)),
});
