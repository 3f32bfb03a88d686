export { type Collector, type CollectorOptions, createCollector } from './collector';
export { createCollectorMetrics } from './collector-metrics.connector';
export { createDeadLetterSeal, type DeadLetterSeal } from './dead-letter-seal.connector';
export { DebuggerFeed } from './debugger-feed';
