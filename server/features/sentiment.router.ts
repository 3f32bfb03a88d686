import { procedure, router } from '@/server/identity/trpc';
import { contestSchema, qualitySchema, withdrawContestSchema } from './label-contest.schema';
import { contestLabel, withdrawContest } from './label-contest.service';
import { contestExamples, labelQuality } from './label-quality.service';

/** The labels of turns: contested by agents, looked after by ops. */
export const sentimentRouter = router({
  /** Says what a turn's label should be, beside what the model says. */
  contest: procedure('sentiment.contest')
    .input(contestSchema)
    .mutation(({ ctx, input }) => contestLabel(ctx.deps, ctx.actor, input)),

  /** Takes one's own contest back. */
  withdraw: procedure('sentiment.contest')
    .input(withdrawContestSchema)
    .mutation(({ ctx, input }) => withdrawContest(ctx.deps, ctx.actor, input.id)),

  /** Turns scored and contested, and the model's score on public conversations. */
  quality: procedure('sentiment.read').query(({ ctx }) => labelQuality(ctx.deps, ctx.actor.workspaceId)),

  /** Contested turns with their masked texts. Being looked at is on record. */
  examples: procedure('sentiment.read')
    .input(qualitySchema)
    .query(({ ctx, input }) => contestExamples(ctx.deps, ctx.actor, input.period)),
});
