import type { LiveRuleCard } from '@/server/features';
import { audienceFaults, compileAudience } from './compile-audience';
import { type AudienceContext, audienceContext } from './rule-context';

/** What conditions are asked over: made once for all of them. */
export function contextsOf(customers: readonly LiveRuleCard[]): AudienceContext[] {
  return customers.map(({ card, denied, at }) => audienceContext(card, denied, at));
}

/** How many of some customers a condition holds for; null: it has a fault, and nobody is in it. */
export function countMembers(condition: string, customers: readonly AudienceContext[]): number | null {
  if (audienceFaults(condition).length > 0) return null;
  const audience = compileAudience({ name: 'counted', condition });
  return customers.filter((customer) => audience.includes(customer)).length;
}
