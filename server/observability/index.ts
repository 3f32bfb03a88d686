export { CounterWindow, type PartitionCounters } from './counter-window';
export { readAggregates, readFlow } from './flow.connector';
export { LAG_CRITICAL_SECONDS, LAG_WARNING_SECONDS, type LagReading, worstLag } from './lag-reading';
export {
  METRIC_KEYS,
  METRICS,
  type MetricDefinition,
  type MetricKey,
  type MetricReading,
  metricByKey,
} from './metric-catalogue';
export { metricHistory, recentCourse, usualBands } from './metric-history.service';
export { readSamples, writeSamples } from './metric-sample.repository';
export { type LagOfShard, MetricWatch } from './metric-watch';
export type { CoursePoint, HistorySeries, OperationsSnapshot, UsualBand } from './operations.schema';
export { OperationsSampler } from './operations-sampler';
export { sharedReadings, shareReadings } from './shared-readings.connector';
