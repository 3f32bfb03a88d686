import { procedure, router } from '@/server/identity/trpc';
import { deadLetterFilterSchema, deadLetterIdSchema, replayDeadLetterSchema } from './dead-letter.schema';
import { deadLetterCounts, deadLetterPage, openDeadLetter, replayDeadLetter } from './dead-letter.service';
import { replayTools } from './replay.connector';

export const deadLettersRouter = router({
  list: procedure('deadLetter.read')
    .input(deadLetterFilterSchema)
    .query(({ ctx, input }) => deadLetterPage(ctx.deps, ctx.actor.workspaceId, input)),
  counts: procedure('deadLetter.read').query(({ ctx }) => deadLetterCounts(ctx.deps, ctx.actor.workspaceId)),
  open: procedure('deadLetter.replay')
    .input(deadLetterIdSchema)
    .mutation(({ ctx, input }) => openDeadLetter(ctx.deps, ctx.actor, input.id, replayTools(ctx.deps).seal)),
  replay: procedure('deadLetter.replay')
    .input(replayDeadLetterSchema)
    .mutation(({ ctx, input }) => replayDeadLetter(ctx.deps, ctx.actor, input, replayTools(ctx.deps))),
});
