import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';
export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** Upper bounds in seconds for durations from a millisecond to a minute. */
export const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/**
 * A registry that speaks OpenMetrics, with the figures of the Node process itself.
 * @param process name of the process kind, a label on every figure
 */
export function createMetrics(process: string): MetricsRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry, prefix: 'millrace_' });
  return registry;
}
