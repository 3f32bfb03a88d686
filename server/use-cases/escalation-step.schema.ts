/** Whom a wait is raised to: the agents, at the top of whose queue it then stands, or the people who supervise. */
export const ESCALATION_TARGETS = ['agents', 'supervisors'] as const;
export type EscalationTarget = (typeof ESCALATION_TARGETS)[number];

/** Of one channel. */
export const MOST_STEPS = 4;
/** Of the time a customer may wait. */
export const PERCENT_BOUNDS = { least: 10, most: 1_000 } as const;
