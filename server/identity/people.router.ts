import { changeRoleSchema, invitationIdSchema, inviteSchema, personSchema } from './people.schema';
import {
  changeRole,
  invitePerson,
  listPeople,
  makeResetLink,
  signOutPerson,
  takeBackInvitation,
} from './people.service';
import { procedure, router } from './trpc';

export const peopleRouter = router({
  list: procedure('people.read').query(({ ctx }) => listPeople(ctx.deps, ctx.actor.workspaceId)),
  invite: procedure('people.write')
    .input(inviteSchema)
    .mutation(({ ctx, input }) => invitePerson(ctx.deps, ctx.actor, input)),
  takeBackInvitation: procedure('people.write')
    .input(invitationIdSchema)
    .mutation(({ ctx, input }) => takeBackInvitation(ctx.deps, ctx.actor, input.invitationId)),
  changeRole: procedure('people.write')
    .input(changeRoleSchema)
    .mutation(({ ctx, input }) => changeRole(ctx.deps, ctx.actor, input.userId, input.role)),
  remove: procedure('people.write')
    .input(personSchema)
    .mutation(({ ctx, input }) => changeRole(ctx.deps, ctx.actor, input.userId, null)),
  resetLink: procedure('people.write')
    .input(personSchema)
    .mutation(({ ctx, input }) => makeResetLink(ctx.deps, ctx.actor, input.userId)),
  signOut: procedure('people.write')
    .input(personSchema)
    .mutation(({ ctx, input }) => signOutPerson(ctx.deps, ctx.actor, input.userId)),
});
