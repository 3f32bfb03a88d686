import { maskCard, readCustomer } from '@/server/features';
import type { CardReading } from '@/server/live';
import type { Deps } from '@/server/platform/deps';

/** A customer's card in both of its views; each is made once, whoever looks. */
export async function readCardFor(deps: Deps, workspaceId: string, key: string): Promise<CardReading> {
  const card = await readCustomer(deps, workspaceId, key);
  if (!card) return { at: null, customer: key, view: () => null };
  const masked = maskCard(card);
  return {
    at: card.events > 0 ? card.at : null,
    customer: card.customer,
    view: (audience) => (audience === 'revealed' ? card : masked),
  };
}
