export { ArchiveStore, OffsetConflict } from './archive.connector';
export { addDeadLetterRows, addLogRows, addOutputRows, decisionId, type RowOrigin } from './archive-rows';
export { ArchiveBatch, DEAD_LETTER_PARTITION } from './archive-tables';
export { workspaceDigest } from './digest.service';
export { dropOldSamples, ensureHistoryDays } from './retention.repository';
export { type Totals, totals } from './totals.service';
