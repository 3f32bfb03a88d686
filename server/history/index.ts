export { ArchiveStore, OffsetConflict } from './archive.connector';
export { addDeadLetterRows, addLogRows, addOutputRows, type RowOrigin } from './archive-rows';
export { ArchiveBatch, DEAD_LETTER_PARTITION, type StreamPlace } from './archive-tables';
export { checkDeliveries } from './delivery-check.service';
export { dropOldSamples, ensureHistoryDays } from './retention.repository';
export type { Totals } from './totals.service';
