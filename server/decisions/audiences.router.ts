import { z } from 'zod';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { procedure, router } from '@/server/identity/trpc';
import { audienceInputSchema } from './audience.schema';
import { addAudience, audiences, editAudience, removeAudience } from './audience.service';
import { audiencePreview, membersNow } from './audience-members.service';
import { audienceFaults } from './compile-audience';
import { MAX_CONDITION_LENGTH } from './rule.schema';

const audienceId = z.object({ id: z.string().max(60) });
/** A text that is being typed may be longer than what can be saved: the fault says so. */
const typedSchema = z.string().max(MAX_CONDITION_LENGTH + 200);

export const audiencesRouter = router({
  list: procedure('rule.read').query(({ ctx }) => audiences(ctx.deps, ctx.actor.workspaceId)),

  /** How many of the live customers are in each. */
  members: procedure('rule.read').query(({ ctx }) => membersNow(ctx.deps, ctx.actor.workspaceId)),

  /** Faults of the condition with their places, while someone types. */
  check: procedure('rule.read')
    .input(z.object({ condition: typedSchema }))
    .query(({ input }) => ({ faults: input.condition.trim() === '' ? [] : audienceFaults(input.condition) })),

  /** What saving it would do. */
  preview: procedure('rule.read')
    .input(z.object({ id: z.string().max(60).nullable(), condition: typedSchema }))
    .query(({ ctx, input }) => audiencePreview(ctx.deps, ctx.actor.workspaceId, input)),

  create: procedure('rule.write')
    .input(audienceInputSchema)
    .mutation(({ ctx, input }) => addAudience(ctx.deps, ctx.actor, input)),

  update: procedure('rule.write')
    .input(audienceInputSchema.extend({ id: z.string().max(60), version: rowNumberSchema }))
    .mutation(({ ctx, input }) => editAudience(ctx.deps, ctx.actor, input)),

  remove: procedure('rule.write')
    .input(audienceId)
    .mutation(({ ctx, input }) => removeAudience(ctx.deps, ctx.actor, input.id)),
});
