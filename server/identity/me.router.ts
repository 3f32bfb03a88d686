import { landingOf } from './landing';
import { renameSchema, sessionIdSchema, switchWorkspaceSchema } from './people.schema';
import { ACTIONS, may } from './policy';
import { endOwnSession, readAccount, rename, signOutEverywhere, switchWorkspace } from './self.service';
import { procedure, router } from './trpc';

/** Who is signed in, and what they may do: screens show only that. */
export const meRouter = router({
  get: procedure('self.read').query(({ ctx: { actor } }) => ({
    userId: actor.userId,
    name: actor.name,
    email: actor.email,
    role: actor.role,
    workspaceId: actor.workspaceId,
    landing: landingOf(actor.role),
    actions: ACTIONS.filter((action) => may(actor.role, action)),
  })),
  account: procedure('self.read').query(({ ctx }) => readAccount(ctx.deps, ctx.actor)),
  rename: procedure('self.write')
    .input(renameSchema)
    .mutation(({ ctx, input }) => rename(ctx.deps, ctx.actor, input.name)),
  endSession: procedure('self.write')
    .input(sessionIdSchema)
    .mutation(({ ctx, input }) => endOwnSession(ctx.deps, ctx.actor, input.sessionId)),
  signOutEverywhere: procedure('self.write').mutation(({ ctx }) => signOutEverywhere(ctx.deps, ctx.actor)),
  switchWorkspace: procedure('self.write')
    .input(switchWorkspaceSchema)
    .mutation(({ ctx, input }) => switchWorkspace(ctx.deps, ctx.actor, input.workspaceId)),
});
