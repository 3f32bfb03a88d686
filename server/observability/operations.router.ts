import { z } from 'zod';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { shardsOf } from '@/server/identity';
import { procedure, router } from '@/server/identity/trpc';
import { listChanges, listSourceNames } from './change.repository';
import { metricHistory, usualBands } from './metric-history.service';
import { historyInput, usualInput } from './operations.schema';

const changesInput = z.strictObject({
  from: instantMsSchema,
  to: instantMsSchema,
});

/** What the Operations screen asks for beside its live room. */
export const operationsRouter = router({
  history: procedure('operations.read')
    .input(historyInput)
    .query(({ ctx: { deps, actor }, input }) => metricHistory(deps, actor.workspaceId, input)),
  usual: procedure('operations.read')
    .input(usualInput)
    .query(({ ctx: { deps, actor }, input }) => usualBands(deps, actor.workspaceId, input.metrics)),
  changes: procedure('operations.read')
    .input(changesInput)
    .query(({ ctx: { deps, actor }, input }) => listChanges(deps, actor.workspaceId, input)),
  sources: procedure('operations.read').query(({ ctx: { deps, actor } }) =>
    listSourceNames(deps, actor.workspaceId),
  ),
  regions: procedure('operations.read').query(async ({ ctx: { deps, actor } }) =>
    (await shardsOf(deps, actor.workspaceId)).map(({ region }) => region),
  ),
});
