export { watchChoices } from './choice-watch.service';
export { type Heartbeat, liveWorkers, removeHeartbeat, writeHeartbeat } from './heartbeats';
export { lagOf } from './lag.service';
export {
  type OperatorStanding,
  type OperatorTotals,
  readOperators,
  writeOperators,
} from './operator-standing.connector';
export {
  epochKey,
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partitionKeys,
  partitionName,
} from './partition-keys';
export { compareEntryIds, entryTime, nextEntryId, STREAM_START } from './stream-position';
