export { type Move, type PartitionLoad, planCounts, planMoves, type WorkerLoad } from './assignment';
export { type Heartbeat, liveWorkers, removeHeartbeat, workerLoadOf, writeHeartbeat } from './heartbeats';
export { lagOf } from './lag.service';
export {
  epochKey,
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partField,
  partitionKeys,
  partitionName,
} from './partition-keys';
export { compareEntryIds, entryTime, nextEntryId, STREAM_START } from './stream-position';
