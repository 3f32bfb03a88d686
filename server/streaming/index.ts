export * from './event-order';
export * from './fact';
export * from './fact-diff';
export * from './interval-set';
export * from './ordered-buffer';
export * from './partition-step';
