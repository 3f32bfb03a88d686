import { procedure, router } from '@/server/identity/trpc';
import { collectorAddress } from './collector-address.connector';

export const firstEventRouter = router({
  address: procedure('debugger.read').query(({ ctx }) => collectorAddress(ctx.deps, ctx.actor.workspaceId)),
});
