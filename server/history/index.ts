export { ArchiveStore, OffsetConflict } from './archive.connector';
export { addDeadLetterRows, addLogRows, addOutputRows, type RowOrigin } from './archive-rows';
export { ArchiveBatch, DEAD_LETTER_PARTITION, type StreamPlace } from './archive-tables';
export { checkDeliveries } from './delivery-check.service';
export { equivalenceInput, verdictOver } from './equivalence/equivalence.schema';
export { reportEquivalence } from './equivalence/equivalence.service';
export { DRILL_ROUND_MS, runDrills } from './recovery/drill.job';
export type { ArchivedPartition } from './recovery/lost-state.repository';
export {
  type RebuiltCounts,
  type RecoveryOptions,
  ShardRecovery,
} from './recovery/recover-partition.service';
export { type RebuildPartition, type RecoveryReport, recoverState } from './recovery/recover-state.service';
export {
  dropOldContests,
  dropOldEscalations,
  dropOldRecords,
  dropOldSamples,
  dropOldSignals,
  dropOldWaits,
  ensureHistoryDays,
} from './retention.repository';
export { checkpointFigures } from './snapshots/snapshot-memory.repository';
export { snapshotKeeping } from './snapshots/snapshot-settings.connector';
export { SNAPSHOT_ROUND_MS, takeSnapshots } from './snapshots/take-snapshots.job';
export { EXPIRE_EVERY_MS, expireStates } from './state/expire-state.job';
export { INVENTORY_EVERY_MS, takeInventory } from './state/inventory.job';
export { SWEEP_ROUND_MS, sweepState } from './state/sweep-state.job';
export type { Totals } from './totals.service';
export { listCalendars } from './windows/business-calendar.repository';
export { createCalendar } from './windows/business-calendar.service';
export { listWindows } from './windows/window-definition.repository';
export type { WindowForm } from './windows/window-definition.schema';
export { createWindow } from './windows/window-definition.service';
