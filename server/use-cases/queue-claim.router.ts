import { procedure, router } from '@/server/identity/trpc';
import { readContextStanding } from './context-standing.service';
import { finishSchema, takeSchema } from './queue-claim.schema';
import { finishCustomer, queueLastHour, setSla, takeCustomer } from './queue-claim.service';
import { readSla } from './sla.repository';
import { slaSchema } from './sla.schema';

export const queueRouter = router({
  /** Takes a waiting customer: the clock of their wait stops. */
  take: procedure('queue.take')
    .input(takeSchema)
    .mutation(({ ctx, input }) => takeCustomer(ctx.deps, ctx.actor, input.customer)),

  /** Ends what this person took. */
  finish: procedure('queue.take')
    .input(finishSchema)
    .mutation(({ ctx, input }) => finishCustomer(ctx.deps, ctx.actor, input.customer, input.outcome)),

  /** How long customers may wait. */
  sla: procedure('desk.read').query(({ ctx }) => readSla(ctx.deps, ctx.actor.workspaceId)),

  /** How many open chats and calls run on context older than their service level allows, and which. */
  context: procedure('desk.read').query(({ ctx }) => readContextStanding(ctx.deps, ctx.actor.workspaceId)),

  /** What the desk did in the last hour. */
  lastHour: procedure('desk.read').query(({ ctx }) => queueLastHour(ctx.deps, ctx.actor.workspaceId)),

  setSla: procedure('workspace.write')
    .input(slaSchema)
    .mutation(({ ctx, input }) => setSla(ctx.deps, ctx.actor, input)),
});
