import { procedure, router } from '@/server/identity/trpc';
import { explainState } from './state/explain-state.service';
import { changeExpiry, stateOverview, tryExpiry } from './state/state-overview.service';
import { expiryInput, explainInput } from './state-policy.schema';

/** Keyed state: how much there is, what leaves by age, whether it is right, and why it is what it is. */
export const stateRouter = router({
  overview: procedure('streams.read').query(({ ctx: { deps, actor } }) =>
    stateOverview(deps, actor.workspaceId),
  ),
  /** What a policy would remove now; nothing is removed. */
  tryExpiry: procedure('state.write')
    .input(expiryInput)
    .query(({ ctx: { deps, actor }, input }) => tryExpiry(deps, actor.workspaceId, input)),
  setExpiry: procedure('state.write')
    .input(expiryInput)
    .mutation(({ ctx: { deps, actor }, input }) => changeExpiry(deps, actor, input)),
  /** Value, events and recomputation of one customer. A read of personal data: every call is audited. */
  explain: procedure('state.explain')
    .input(explainInput)
    .query(({ ctx: { deps, actor }, input }) => explainState(deps, actor, input.customer)),
});
