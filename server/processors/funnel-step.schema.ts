/** Steps of a visit, each with the first time it was reached. */
export const FUNNEL_STEPS = ['visited', 'viewed', 'added', 'checkout', 'ordered'] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];
