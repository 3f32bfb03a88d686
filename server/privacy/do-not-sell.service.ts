import type { Deps } from '@/server/platform/deps';
import { DO_NOT_SELL_PURPOSES, type DoNotSell, type DoNotSellAnswer } from './do-not-sell.schema';
import type { OptOutAnswer } from './opt-out.schema';
import { type ConsentChange, changeConsent } from './opt-out.service';

/**
 * Takes a request not to sell or share (CCPA § 1798.120): each purpose it concerns is denied, one after the other, as any
 * opt-out is, over all keys of the person.
 * @throws Fault `unavailable` as `changeConsent` does: purposes already denied stay so, and asking again is safe
 */
export async function denySale(
  deps: Deps,
  { customer, reason, ...by }: DoNotSell & Pick<ConsentChange, 'workspaceId' | 'actor'>,
): Promise<DoNotSellAnswer> {
  const words = reason ? `Do Not Sell or Share: ${reason}` : 'Do Not Sell or Share';
  const answers: OptOutAnswer[] = [];
  for (const purpose of DO_NOT_SELL_PURPOSES) {
    answers.push(await changeConsent(deps, { ...by, customer, purpose, optedIn: false, reason: words }));
  }
  return answerOf(customer, answers);
}

function answerOf(customer: string, answers: readonly OptOutAnswer[]): DoNotSellAnswer {
  const [first] = answers;
  const last = answers.at(-1);
  if (!first || !last) throw new Error('A request not to sell names no purpose');
  return {
    customer,
    linkedKeys: last.linkedKeys,
    denied: last.denied,
    requestedAt: first.requestedAt,
    acknowledgedAt: last.acknowledgedAt,
    effectMs: Date.parse(last.acknowledgedAt) - Date.parse(first.requestedAt),
    enforcementPoints: answers.reduce((sum, { enforcement }) => sum + enforcement.length, 0),
  };
}
