export { AlertEvaluator, type AlertEvaluatorPorts } from './alert-evaluator.job';
export { listFirings } from './firing.repository';
export { listThresholds } from './threshold.repository';
export type { AlertMessage, FiringView, ThresholdForm, ThresholdView } from './threshold.schema';
export { createThreshold } from './threshold.service';
