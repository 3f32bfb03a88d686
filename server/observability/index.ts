export { tracingIsOn } from '@/server/platform/tracing-switch';
export { CounterWindow, type PartitionCounters } from './counter-window';
export { type FlowCounts, flowCounters, readFlow } from './flow.connector';
export { type LagReading, worstLag } from './lag-reading';
export { type MetricDefinition, type MetricKey, type MetricReading, metricByKey } from './metric-catalogue';
export { metricHistory, recentCourse } from './metric-history.service';
export {
  greatestSamples,
  readSamples,
  type WorkspaceSample,
  writeSamplesOfMany,
} from './metric-sample.repository';
export { type LagOfShard, MetricWatch } from './metric-watch';
export { isOfOldEvents, type RecordTimes } from './old-events';
export type { CoursePoint } from './operations.schema';
export { type LagOfShards, OperationsSampler } from './operations-sampler';
export { sharedReadings, shareReadings, watchedWorkspaces } from './shared-readings.connector';
export { type OpenSpan, startSpan } from './spans';
export { readStateHealth, type StateHealth, tellStateHealth } from './state-health.connector';
