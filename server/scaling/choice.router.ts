import { procedure, router } from '@/server/identity/trpc';
import { signChoice as signChoiceSchema } from './choice.schema';
import { listChoices, signChoice } from './choice.service';
import { measureAssumptions } from './choice-measurements.service';

/** Decision records of log and engine, and what became of their assumptions. */
export const choicesRouter = router({
  list: procedure('streams.read').query(({ ctx: { deps, actor } }) => listChoices(deps, actor.workspaceId)),
  /** What is measured now of everything a choice may assume. */
  measured: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    measureAssumptions(deps, actor.workspaceId),
  ),
  sign: procedure('choice.sign')
    .input(signChoiceSchema)
    .mutation(({ ctx: { deps, actor }, input }) => signChoice(deps, actor, input)),
});
