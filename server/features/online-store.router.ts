import { procedure, router } from '@/server/identity/trpc';
import { storeFigures } from './store-reads.service';

/** The online store itself: how it answers. */
export const onlineStoreRouter = router({
  /** Reads of the last 15 minutes: how quick, how often something was known, how much of it was old. */
  reads: procedure('streams.read').query(({ ctx }) => storeFigures(ctx.deps, ctx.actor.workspaceId)),
});
