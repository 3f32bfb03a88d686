import { listFirings } from '@/server/alerts';
import { procedure, router } from '@/server/identity/trpc';
import { loadEnv } from '@/server/platform/env';
import { detailedLagOf } from '@/server/scaling';
import { takeBundleSchema } from './support/support-bundle.schema';
import { takeSupportBundle } from './support/support-bundle.service';

/** What somebody who helps needs to see of this installation. */
export const supportRouter = router({
  takeBundle: procedure('support.take')
    .input(takeBundleSchema)
    .mutation(({ ctx: { deps, actor }, input }) =>
      takeSupportBundle(deps, actor, input.reason, {
        env: loadEnv(),
        ports: { lagOf: detailedLagOf, firingsOf: listFirings },
      }),
    ),
});
