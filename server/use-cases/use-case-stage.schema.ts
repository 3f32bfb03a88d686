export const STAGES = ['idea', 'scored', 'approved', 'shadow', 'live', 'measured', 'retired'] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_WORDS: Record<Stage, { title: string; about: string }> = {
  idea: { title: 'Idea', about: 'Written down, not yet judged' },
  scored: { title: 'Scored', about: 'Judged by at least one person' },
  approved: { title: 'Approved', about: 'To be built' },
  shadow: { title: 'Shadow', about: 'Built and tried, nobody is affected' },
  live: { title: 'Live', about: 'Its rules act on customers' },
  measured: { title: 'Measured', about: 'Live, and its effect is known' },
  retired: { title: 'Retired', about: 'Its rules are stopped' },
};

/** Stages in which the rules of a use case may act on customers. */
export const RUNNING_STAGES: ReadonlySet<Stage> = new Set(['live', 'measured']);

/** Stages that something must be measured by. */
export const APPROVED_STAGES: ReadonlySet<Stage> = new Set(['approved', 'shadow', ...RUNNING_STAGES]);

/** More than half held out would be a trial on those who are helped. */
export const MAX_HOLDOUT_PERCENT = 50;

/** Held out of a new use case unless said otherwise: enough to compare with, and nine in ten are helped. */
export const USUAL_HOLDOUT_PERCENT = 10;

/** Samples, one every ten seconds, that a baseline is taken of at least: half an hour of them. */
export const FEWEST_BASELINE_SAMPLES = 180;

/** Scores of value and effort go from 1 to this. */
export const SCALE_MAX = 10;
