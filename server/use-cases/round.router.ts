import { procedure, router } from '@/server/identity/trpc';
import { giveScoreSchema, roundStepSchema, startRoundSchema } from './round.schema';
import { giveScore, roundFor, startRound, stepRound } from './round.service';

export const roundsRouter = router({
  get: procedure('useCase.read').query(({ ctx }) => roundFor(ctx.deps, ctx.actor)),
  give: procedure('useCase.score')
    .input(giveScoreSchema)
    .mutation(({ ctx, input }) => giveScore(ctx.deps, ctx.actor, input, input)),
  start: procedure('useCase.write')
    .input(startRoundSchema)
    .mutation(({ ctx, input }) => startRound(ctx.deps, ctx.actor, input)),
  step: procedure('useCase.write')
    .input(roundStepSchema)
    .mutation(({ ctx, input }) => stepRound(ctx.deps, ctx.actor.workspaceId, input, input.step)),
});
