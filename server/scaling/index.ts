export { compareEntryIds, entryTime, epochKey, nextEntryId, STREAM_START } from '@/server/event-log';
export { type Move, type PartitionLoad, planCounts, planMoves, type WorkerLoad } from './assignment';
export { watchChoices } from './choice-watch.service';
export { type Heartbeat, liveWorkers, loadsOf, removeHeartbeat, writeHeartbeat } from './heartbeats';
export { HeavyHitters } from './heavy-hitters';
export { type DetailedLag, detailedLagOf, groupLagReader } from './lag.service';
export { openLagBoard } from './lag-board.service';
export { openLagGate } from './lag-gate.connector';
export type { ModuleKey } from './module.schema';
export {
  type ModuleInstance,
  readModules,
  removeInstance,
  TELL_EVERY_MS,
  tellInstance,
} from './module-instances.connector';
export {
  type OperatorStanding,
  type OperatorTotals,
  readOperators,
  writeOperators,
} from './operator-standing.connector';
export {
  type Group,
  type PartitionKeys,
  parsePartitionName,
  partField,
  partitionKeys,
  partitionName,
} from './partition-keys';
export { recordTotals } from './partition-load.service';
export { sampleStates } from './state-sample.connector';
export { partFields, statesWithParts } from './states-with-parts';
export { StreamsSampler } from './streams-sampler';
export { readClocks } from './watermark.connector';
export {
  type PartitionVitals,
  readWorkerVitals,
  type WorkerVitals,
  writeWorkerVitals,
} from './worker-vitals';
