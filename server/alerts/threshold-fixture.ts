import type { ThresholdForm } from './threshold.schema';

/** More than five seconds behind for two seconds. */
export const LAG: ThresholdForm = {
  name: 'Behind',
  metric: 'lagSeconds',
  dimension: '',
  comparison: 'above',
  value: 5,
  holdSeconds: 2,
  severity: 'critical',
  enabled: true,
};
