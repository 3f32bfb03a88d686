import type { CardView } from '@/server/features';
import { contestsOf, maskCard, maskText, readCustomer } from '@/server/features';
import type { CardReading, ContestReading } from '@/server/live';
import type { Deps } from '@/server/platform/deps';

/** A customer's card in both of its views; each is made once, whoever looks. */
export async function readCardFor(deps: Deps, workspaceId: string, key: string): Promise<CardReading> {
  const card = await readCustomer(deps, workspaceId, key);
  if (!card) {
    return { at: null, customer: key, merged: 0, view: () => null, readContests: async () => () => [] };
  }
  const masked = maskCard(card);
  return {
    at: card.events > 0 ? card.at : null,
    customer: card.customer,
    merged: card.keys.length,
    view: (audience) => (audience === 'revealed' ? card : masked),
    readContests: () => readContestsOf(deps, workspaceId, card),
  };
}

/** Reasons are free text: what is masked in a turn is masked in them. */
async function readContestsOf(deps: Deps, workspaceId: string, card: CardView): Promise<ContestReading> {
  const contests = await contestsOf(deps, workspaceId, card);
  const masked = contests.map((contest) => ({
    ...contest,
    reason: contest.reason && maskText(contest.reason),
  }));
  return (audience) => (audience === 'revealed' ? contests : masked);
}
