import { landingOf } from './landing';
import { ACTIONS, may } from './policy';
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
});
