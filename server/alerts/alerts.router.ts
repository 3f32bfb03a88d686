import { procedure, router } from '@/server/identity/trpc';
import { listFirings } from './firing.repository';
import { listThresholds } from './threshold.repository';
import {
  firingId,
  firingsInput,
  previewInput,
  thresholdChange,
  thresholdForm,
  thresholdId,
} from './threshold.schema';
import {
  acknowledge,
  changeThreshold,
  createThreshold,
  previewOverHistory,
  removeThreshold,
} from './threshold.service';

/** Thresholds and their firings. */
export const alertsRouter = router({
  thresholds: procedure('threshold.read').query(({ ctx: { deps, actor } }) =>
    listThresholds(deps, actor.workspaceId),
  ),
  firings: procedure('threshold.read')
    .input(firingsInput)
    .query(({ ctx: { deps, actor }, input }) => listFirings(deps, actor.workspaceId, input)),
  preview: procedure('threshold.read')
    .input(previewInput)
    .query(({ ctx: { deps, actor }, input }) => previewOverHistory(deps, actor.workspaceId, input)),
  create: procedure('threshold.write')
    .input(thresholdForm)
    .mutation(({ ctx: { deps, actor }, input }) => createThreshold(deps, actor, input)),
  change: procedure('threshold.write')
    .input(thresholdChange)
    .mutation(({ ctx: { deps, actor }, input }) => changeThreshold(deps, actor, input)),
  remove: procedure('threshold.write')
    .input(thresholdId)
    .mutation(({ ctx: { deps, actor }, input }) => removeThreshold(deps, actor, input.id)),
  acknowledge: procedure('alert.acknowledge')
    .input(firingId)
    .mutation(({ ctx: { deps, actor }, input }) => acknowledge(deps, actor, input.id)),
});
