import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import { lexiconSentiment } from '@/server/processors';
import { labelOf } from '@/server/processors/sentiment-label.schema';
import type { CardView } from './card-view.schema';
import { announceContest } from './contest-feed.connector';
import { readCustomer } from './customer.service';
import {
  contestsUnder,
  endContest,
  keepContest,
  type ModelWord,
  standingContest,
} from './label-contest.repository';
import type { ContestForm, TurnContest, TurnPlace } from './label-contest.schema';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

/**
 * Puts an agent's word beside the model's label of a turn, for everybody who looks. What the stream makes of the contact
 * stays as it is. What the model said is read from the store, never taken from the screen.
 * @throws Fault `not_found` when the turn is no longer kept or was not scored, `bad_request` when the model says the same
 */
export async function contestLabel(deps: Deps, person: Person, form: ContestForm): Promise<{ id: string }> {
  const { workspaceId, userId } = person;
  const card = await readCustomer(deps, workspaceId, form.customer);
  const model = card && modelWordOn(card, form);
  if (!model) throw new Fault('not_found', 'This turn is not kept any more, so nothing was contested.');
  if (model.label === form.label) throw new Fault('bad_request', `The model says ${form.label} already.`);
  const { contactId, turnId, turnAt, label } = form;
  const { customer } = card;
  const reason = form.reason || null;
  const id = await withAudit(deps, workspaceId, async (tx, audit) => {
    const at = new Date(deps.now());
    const turn = { customer, contactId, turnId, turnAt };
    const kept = await keepContest(tx, deps.newId, workspaceId, {
      ...turn,
      model,
      label,
      reason,
      userId,
      at,
    });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'sentiment.contested',
      subject: customer,
      details: { contest: kept, contactId, turnId, model: model.label, label },
    });
    return kept;
  });
  announceContest(deps, workspaceId, customer);
  return { id };
}

/**
 * Takes one's own word back.
 * @throws Fault `not_found` when it does not stand, `forbidden` when it is another's
 */
export async function withdrawContest(
  deps: Deps,
  { workspaceId, userId }: Person,
  id: string,
): Promise<void> {
  const customer = await withAudit(deps, workspaceId, async (tx, audit) => {
    const contest = await standingContest(tx, workspaceId, id);
    if (!contest) throw new Fault('not_found', 'This label is not contested any more.');
    if (contest.userId !== userId) {
      throw new Fault('forbidden', 'Only who contested a label can take that back.');
    }
    await endContest(tx, workspaceId, id, new Date(deps.now()));
    const { contactId, turnId, label } = contest;
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'sentiment.contestWithdrawn',
      subject: contest.customer,
      details: { contest: id, contactId, turnId, label },
    });
    return contest.customer;
  });
  announceContest(deps, workspaceId, customer);
}

/** What agents contest of a customer now; nothing of who opted out. */
export async function contestsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  card: Pick<CardView, 'customer' | 'keys' | 'optedOut'>,
): Promise<TurnContest[]> {
  if (card.optedOut) return [];
  return contestsUnder(deps, workspaceId, [card.customer, ...card.keys]);
}

/** What the model said of a turn as it is kept; null when it is not kept or is not the customer's. */
function modelWordOn(card: CardView, place: Omit<TurnPlace, 'customer'>): ModelWord | null {
  const turn = card.contacts
    .filter((contact) => contact.id === place.contactId)
    .flatMap((contact) => contact.turns)
    .find(({ turnId, at }) => turnId === place.turnId && at === place.turnAt);
  if (turn?.score === undefined || turn.confidence === undefined) return null;
  const { name, version } = lexiconSentiment;
  return { label: labelOf(turn.score), score: turn.score, confidence: turn.confidence, name, version };
}
