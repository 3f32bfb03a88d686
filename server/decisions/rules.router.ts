import { z } from 'zod';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { procedure, router } from '@/server/identity/trpc';
import { expressionFaults } from './compile-rule';
import { MAX_CONDITION_LENGTH, ruleInputSchema } from './rule.schema';
import { addRule, editRule, removeRule, ruleList, ruleVersions, switchRule } from './rule.service';
import { trialOfRule } from './rule-trial.service';

const ruleId = z.object({ id: z.string().max(60) });

export const rulesRouter = router({
  list: procedure('rule.read').query(({ ctx }) => ruleList(ctx.deps, ctx.actor.workspaceId)),

  versions: procedure('rule.read')
    .input(ruleId)
    .query(({ ctx, input }) => ruleVersions(ctx.deps, ctx.actor.workspaceId, input.id)),

  /** Faults of the expressions with their places, while someone types. */
  check: procedure('rule.read')
    .input(z.object({ if: z.string().max(MAX_CONDITION_LENGTH + 200), reason: z.string().max(400) }))
    .query(({ input }) => {
      const then = { kind: 'service' as const, title: 'check', reason: input.reason };
      return { faults: expressionFaults({ if: input.if, then }) };
    }),

  /** What the rule would have done in the last hour. */
  trial: procedure('rule.read')
    .input(ruleInputSchema.omit({ name: true }))
    .query(({ ctx, input }) => trialOfRule(ctx.deps, ctx.actor.workspaceId, input)),

  create: procedure('rule.write')
    .input(ruleInputSchema)
    .mutation(({ ctx, input }) => addRule(ctx.deps, ctx.actor, input)),

  update: procedure('rule.write')
    .input(ruleInputSchema.extend({ id: z.string().max(60), version: rowNumberSchema }))
    .mutation(({ ctx, input }) => editRule(ctx.deps, ctx.actor, input)),

  setEnabled: procedure('rule.write')
    .input(ruleId.extend({ enabled: z.boolean() }))
    .mutation(({ ctx, input }) => switchRule(ctx.deps, ctx.actor, input)),

  remove: procedure('rule.write')
    .input(ruleId)
    .mutation(({ ctx, input }) => removeRule(ctx.deps, ctx.actor, input.id)),
});
