import type { AudienceInput } from '@/server/decisions/audience.schema';
import { addAudience, audiences } from '@/server/decisions/audience.service';
import type { Author } from '@/server/decisions/rule.service';
import type { Deps } from '@/server/platform/deps';

/** Whom rules of the demo may be for: by the plan its customers say they have, and by what they have ordered. */
const STARTERS = {
  members: {
    name: 'Members of Plus and Premium',
    description: 'Customers who pay for a plan, known once they have signed in.',
    condition: 'has(card.traits.plan) && card.traits.plan in ["plus", "premium"]',
  },
  returning: {
    name: 'Ordered more than once',
    description: 'Customers with two orders or more, whenever they were.',
    condition: 'card.orders >= 2.0',
  },
} as const satisfies Record<string, AudienceInput>;
export type StarterAudience = keyof typeof STARTERS;

/** Their ids; what is there by its name is not made again. */
export async function ensureAudiences(deps: Deps, author: Author): Promise<Record<StarterAudience, string>> {
  const there = new Map((await audiences(deps, author.workspaceId)).map(({ name, id }) => [name, id]));
  const idOf = async (input: AudienceInput) =>
    there.get(input.name) ?? (await addAudience(deps, author, input)).id;
  return { members: await idOf(STARTERS.members), returning: await idOf(STARTERS.returning) };
}
