import type { FactMeasureName } from './fact-measure';
import type { Alignment, WindowShape } from './window-shape';
import type { LatePolicy } from './window-step';

/** A measure over windows of event time. */
export interface WindowedAggregatePipeline {
  kind: 'windowedAggregate';
  name: string;
  measure: FactMeasureName;
  groupBy: 'none' | 'platform';
  shape: WindowShape;
  alignment: Alignment;
  /** how far behind a partition's newest fact its watermark stays, ms */
  watermarkDelayMs: number;
  latenessMs: number;
  latePolicy: LatePolicy;
}

/** So many events of a name by one customer within a span. */
export interface PatternPipeline {
  kind: 'pattern';
  name: string;
  eventName: string;
  times: number;
  withinMs: number;
  latenessMs: number;
}

/** Carts whose last cart event has no other, and no order, within the gap. */
export interface AbandonmentPipeline {
  kind: 'abandonment';
  name: string;
  gapMs: number;
  latenessMs: number;
}

/** Visits: a customer's events with no longer silence than the gap. */
export interface VisitPipeline {
  kind: 'visits';
  name: string;
  gapMs: number;
  latenessMs: number;
}

/** A pipeline as data: what the engine runs is what is shown, and what is exported. */
export type PipelineDefinition =
  | WindowedAggregatePipeline
  | PatternPipeline
  | AbandonmentPipeline
  | VisitPipeline;
