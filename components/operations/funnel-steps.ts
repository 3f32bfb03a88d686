import type { FunnelStep } from '@/server/processors/funnel-step.schema';

/** Steps of a visit in their order, in plain words. */
export const STEP_TITLES: Record<FunnelStep, string> = {
  visited: 'Visited',
  viewed: 'Product viewed',
  added: 'Added to cart',
  checkout: 'Checkout started',
  ordered: 'Ordered',
};

export const STEPS = Object.keys(STEP_TITLES) as FunnelStep[];

/** The words of a step; a name that is none stays as it is. */
export function stepTitle(step: string): string {
  return STEP_TITLES[step as FunnelStep] ?? step;
}
