export { type Heartbeat, liveWorkers, removeHeartbeat, WORKER_GONE_MS, writeHeartbeat } from './heartbeats';
export { lagOf } from './lag.service';
export {
  epochKey,
  GROUPS,
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partitionKeys,
  partitionName,
} from './partition-keys';
export { compareEntryIds, entryTime, nextEntryId, STREAM_START } from './stream-position';
