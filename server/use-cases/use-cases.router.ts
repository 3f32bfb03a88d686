import { z } from 'zod';
import { procedure, router } from '@/server/identity/trpc';
import { board, useCaseChoices } from './board.service';
import { moveInputSchema, scoreInputSchema, useCaseInputSchema } from './use-case.schema';
import { addUseCase, editUseCase, moveUseCase, removeUseCase, scoreUseCase } from './use-case.service';
import { useCaseEffect } from './use-case-effect.service';

const useCaseId = z.object({ id: z.string().max(60) });

export const useCasesRouter = router({
  board: procedure('useCase.read').query(({ ctx }) => board(ctx.deps, ctx.actor.workspaceId)),
  choices: procedure('useCase.write').query(({ ctx }) => useCaseChoices(ctx.deps, ctx.actor.workspaceId)),

  /** What a launched use case does to those it decides about, against its holdout. */
  effect: procedure('useCase.read')
    .input(useCaseId)
    .query(({ ctx, input }) => useCaseEffect(ctx.deps, ctx.actor.workspaceId, input.id)),

  create: procedure('useCase.write')
    .input(useCaseInputSchema)
    .mutation(({ ctx, input }) => addUseCase(ctx.deps, ctx.actor, input)),
  update: procedure('useCase.write')
    .input(useCaseInputSchema.extend(useCaseId.shape))
    .mutation(({ ctx, input }) => editUseCase(ctx.deps, ctx.actor, input)),
  remove: procedure('useCase.write')
    .input(useCaseId)
    .mutation(({ ctx, input }) => removeUseCase(ctx.deps, ctx.actor, input.id)),

  score: procedure('useCase.score')
    .input(scoreInputSchema)
    .mutation(({ ctx, input }) => scoreUseCase(ctx.deps, ctx.actor, input)),

  /** Any move on the board; going live asks for the right to launch as well. */
  move: procedure('useCase.write')
    .input(moveInputSchema)
    .mutation(({ ctx, input }) => moveUseCase(ctx.deps, ctx.actor, input)),
  launch: procedure('useCase.launch')
    .input(useCaseId)
    .mutation(({ ctx, input }) => moveUseCase(ctx.deps, ctx.actor, { id: input.id, stage: 'live' })),
});
