export { type Move, type PartitionLoad, planCounts, planMoves, type WorkerLoad } from './assignment';
export { type Heartbeat, liveWorkers, removeHeartbeat, workerLoadOf, writeHeartbeat } from './heartbeats';
export { HeavyHitters } from './heavy-hitters';
export { type DetailedLag, detailedLagOf, lagOf } from './lag.service';
export { openLagBoard } from './lag-board.service';
export {
  epochKey,
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partField,
  partitionKeys,
  partitionName,
} from './partition-keys';
export { recordTotals } from './partition-load.service';
export { compareEntryIds, entryTime, nextEntryId, STREAM_START } from './stream-position';
export { type PartitionVitals, type WorkerVitals, writeWorkerVitals } from './worker-vitals';
