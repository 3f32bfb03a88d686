import { z } from 'zod';
import { procedure, router } from '@/server/identity/trpc';
import { endReveal, listReveals, revealCustomer } from './card-access.service';
import { cardSchema, endRevealSchema, respondSchema, revealSchema, searchSchema } from './customer.schema';
import { cardForPerson, findCustomers } from './customer.service';
import { respondToAction, responseTo } from './decision-response.service';
import { liveVisitsSchema } from './live-visit.schema';
import { liveVisits } from './live-visits.service';

export const customersRouter = router({
  /** One customer's card, masked unless revealed. Being looked at is on record. */
  card: procedure('customer.read')
    .input(cardSchema)
    .query(({ ctx, input }) => cardForPerson(ctx.deps, ctx.actor, input.customer)),

  /** Customers whose key is or begins with what was typed. */
  search: procedure('customer.search')
    .input(searchSchema)
    .query(({ ctx, input }) => findCustomers(ctx.deps, ctx.actor.workspaceId, input.query, input.limit)),

  /** Visits that go on and reached a step of the funnel. Being looked at is on record. */
  liveVisits: procedure('visit.read')
    .input(liveVisitsSchema)
    .query(({ ctx, input }) => liveVisits(ctx.deps, ctx.actor, input.step)),

  /** Shows personal data to this person for five minutes. */
  reveal: procedure('customer.reveal')
    .input(revealSchema)
    .mutation(async ({ ctx, input }) => ({ until: await revealCustomer(ctx.deps, ctx.actor, input) })),

  /** Masks again what this person revealed. */
  mask: procedure('customer.reveal')
    .input(cardSchema)
    .mutation(({ ctx, input }) =>
      endReveal(ctx.deps, ctx.actor, { customer: input.customer, userId: ctx.actor.userId }),
    ),

  /** Reveals that hold now in the workspace. */
  reveals: procedure('audit.read').query(({ ctx }) => listReveals(ctx.deps, ctx.actor.workspaceId)),

  /** Ends anybody's reveal. */
  endReveal: procedure('audit.read')
    .input(endRevealSchema)
    .mutation(({ ctx, input }) =>
      endReveal(ctx.deps, ctx.actor, { customer: input.customer, userId: input.userId ?? ctx.actor.userId }),
    ),

  /** Notes what the agent did with an offered action. */
  respond: procedure('decision.respond')
    .input(respondSchema)
    .mutation(({ ctx, input }) => respondToAction(ctx.deps, ctx.actor, input)),

  /** What was answered to an offered action. */
  response: procedure('desk.read')
    .input(z.strictObject({ decisionId: z.string().min(1).max(200) }))
    .query(({ ctx, input }) => responseTo(ctx.deps, ctx.actor.workspaceId, input.decisionId)),
});
