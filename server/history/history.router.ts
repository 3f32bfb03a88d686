import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { procedure, router } from '@/server/identity/trpc';
import { disorder } from './delivery-check.service';
import { duplicatesInput } from './duplicates.schema';
import { duplicatesLedger } from './duplicates.service';
import { messageHistory } from './message.service';
import { customerPurchases } from './purchases.service';
import { customerTimeline } from './timeline.service';
import { totals } from './totals.service';

export const historyRouter = router({
  /** Older events of a customer, a page at a time. */
  timeline: procedure('customer.read')
    .input(
      z.strictObject({
        customer: customerKeySchema,
        before: z
          .strictObject({ at: instantMsSchema, messageId: z.string().max(1_000) })
          .nullable()
          .default(null),
        limit: z.number().int().min(1).max(100).default(50),
      }),
    )
    .query(({ ctx, input }) => customerTimeline(ctx.deps, ctx.actor, input)),

  /** The orders and refunds that a customer's purchases add up from. */
  purchases: procedure('customer.read')
    .input(z.strictObject({ customer: customerKeySchema }))
    .query(({ ctx, input }) => customerPurchases(ctx.deps, ctx.actor, input.customer)),

  /** What happened in a window of event time; ms, half-open. */
  totals: procedure('operations.read')
    .input(z.strictObject({ from: instantMsSchema.nullable(), to: instantMsSchema.nullable() }))
    .query(({ ctx, input }) => totals(ctx.deps, ctx.actor.workspaceId, input)),

  /** Every attempt to deliver a message and its one effect; null when nothing is known of it. */
  message: procedure('message.read')
    .input(z.strictObject({ messageId: z.string().min(1).max(1_000) }))
    .query(({ ctx, input }) => messageHistory(ctx.deps, ctx.actor.workspaceId, input.messageId)),

  /** Repeats of a span of log time: seen, suppressed, leaked. */
  duplicates: procedure('message.read')
    .input(duplicatesInput)
    .query(({ ctx, input }) => duplicatesLedger(ctx.deps, ctx.actor.workspaceId, input)),

  /** Events out of the order of their times, by partition, in the last day. */
  disorder: procedure('streams.read').query(({ ctx }) => disorder(ctx.deps, ctx.actor.workspaceId)),
});
