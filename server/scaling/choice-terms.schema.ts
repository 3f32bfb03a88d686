/** What is chosen: where events are kept, and what computes on them. */
export const SUBJECTS = ['log', 'engine'] as const;
export type Subject = (typeof SUBJECTS)[number];

export const RESIDENCIES = ['own', 'region', 'anywhere'] as const;
export const ORDERINGS = ['customer', 'total'] as const;
export const OPERATORS_AT_HAND = ['nobody', 'team'] as const;
export const GUARANTEES = ['once', 'atLeastOnce'] as const;

/** Least and greatest of each amount that is asked. */
export const ANSWER_LIMITS = {
  /** greatest rate that must be taken, events/s */
  peakEventsPerSecond: { min: 1, max: 10_000_000, whole: true },
  /** mean size of an event, bytes */
  eventBytes: { min: 50, max: 100_000, whole: true },
  /** how far back events must be readable from the log or its archive, days */
  retentionDays: { min: 1, max: 3_650, whole: true },
  /** keyed state that must be held, GB (10⁹ bytes) */
  stateGb: { min: 0.01, max: 100_000, whole: false },
  /** results must be there within so many seconds of the event */
  freshnessSeconds: { min: 0.05, max: 3_600, whole: false },
} as const;
export type AmountKey = keyof typeof ANSWER_LIMITS;

/** What a person answers; everything a comparison asks of an option follows from it. */
export type ChoiceAnswers = Record<AmountKey, number> & {
  /** own machines, a named cloud region, or no constraint */
  residency: (typeof RESIDENCIES)[number];
  ordering: (typeof ORDERINGS)[number];
  /** who runs servers beside the product */
  people: (typeof OPERATORS_AT_HAND)[number];
  guarantee: (typeof GUARANTEES)[number];
  /** events later than allowed must be kept for review, not dropped */
  lateKept: boolean;
};

/** What a record assumes of the world. Each is compared with a measurement of its own. */
export const ASSUMPTIONS = ['peakEventsPerSecond', 'retentionDays', 'stateGb', 'freshnessSeconds'] as const;
export type AssumptionKey = (typeof ASSUMPTIONS)[number];

export const ASSUMPTION_WORDS: Record<AssumptionKey, { title: string; unit: string; measured: string }> = {
  peakEventsPerSecond: {
    title: 'Peak throughput',
    unit: 'events/s',
    measured: 'greatest ten-second mean of the last five minutes',
  },
  retentionDays: { title: 'Retention', unit: 'days', measured: 'age of the oldest event in history' },
  stateGb: { title: 'Keyed state', unit: 'GB', measured: 'memory of all state in Redis' },
  freshnessSeconds: {
    title: 'Freshness',
    unit: 's',
    measured: 'greatest ten-second mean of the lag in the last five minutes',
  },
};

/** Which assumptions a choice of each subject rests on. */
export const ASSUMPTIONS_OF: Record<Subject, readonly AssumptionKey[]> = {
  log: ['peakEventsPerSecond', 'retentionDays'],
  engine: ['peakEventsPerSecond', 'stateGb', 'freshnessSeconds'],
};

export type Assumptions = Partial<Record<AssumptionKey, number>>;

export interface AssumptionView {
  key: AssumptionKey;
  allowed: number;
  /** as of now; null: not known */
  measured: number | null;
  /** why it is not known */
  reason: string | null;
  /** the flag that stands: since when (ms) and the worst seen */
  flag: { startedAt: number; worst: number } | null;
}

export interface PastFlag {
  id: string;
  assumption: AssumptionKey;
  allowed: number;
  worst: number;
  /** ms */
  startedAt: number;
  endedAt: number | null;
}

export interface ChoiceView {
  id: string;
  subject: Subject;
  option: string;
  reason: string;
  signedBy: string;
  /** ms */
  signedAt: number;
  signature: string;
  /** whether what is stored is still what was signed */
  intact: boolean;
  /** a newer record of the same subject stands */
  replaced: boolean;
  answers: ChoiceAnswers;
  verdicts: { option: string; remains: boolean; because: string[] }[];
  assumptions: AssumptionView[];
  flags: PastFlag[];
}
