import { procedure, router } from '@/server/identity/trpc';
import { hotCustomers, tryPartitioning, tryWorkers } from './partition-plan.service';
import { rebalanceInput } from './rebalance.schema';
import { whatIfInput } from './what-if.schema';

/** What the pages of lag and partitions ask for beside their live room. */
export const scalingRouter = router({
  whatIf: procedure('streams.read')
    .input(whatIfInput)
    .query(({ ctx, input }) => tryPartitioning(ctx.deps, ctx.actor.workspaceId, input)),
  rebalance: procedure('streams.read')
    .input(rebalanceInput)
    .query(({ ctx, input }) => tryWorkers(ctx.deps, ctx.actor.workspaceId, input.workers)),
  hotCustomers: procedure('streams.read').query(({ ctx }) => hotCustomers(ctx.deps, ctx.actor)),
});
