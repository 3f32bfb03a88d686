export { compareEntryIds, entryTime, epochKey, nextEntryId, STREAM_START } from '@/server/event-log';
export { type Move, type PartitionLoad, planCounts, planMoves, type WorkerLoad } from './assignment';
export { type Heartbeat, liveWorkers, removeHeartbeat, workerLoadOf, writeHeartbeat } from './heartbeats';
export { lagOf } from './lag.service';
export {
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partField,
  partitionKeys,
  partitionName,
} from './partition-keys';
