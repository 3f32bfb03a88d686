import { DAY_MS } from '@/server/core/durations';
import type { RuleInput } from '@/server/decisions/rule.schema';
import { addRule, ruleList, switchRule } from '@/server/decisions/rule.service';
import type { Role } from '@/server/identity/policy';
import type { Deps } from '@/server/platform/deps';
import type { DpiaInput } from '@/server/privacy/dpia.schema';
import { addDpia, dpias, signDpia, submitDpia } from '@/server/privacy/dpia.service';
import { board } from '@/server/use-cases/board.service';
import type { UseCaseInput } from '@/server/use-cases/use-case.schema';
import { addUseCase, moveUseCase, scoreUseCase } from '@/server/use-cases/use-case.service';
import type { Stage } from '@/server/use-cases/use-case-stage.schema';
import { ensureAudiences, type StarterAudience } from './governance-audiences';
import { CALL_DPIA, RECOMMENDATION_DPIA, SHOP_DPIA } from './governance-dpias';

export interface GovernanceIds {
  workspaceId: string;
  /** user ids by role */
  people: Record<Role, string>;
}

interface StarterUseCase {
  input: Omit<UseCaseInput, 'ownerId' | 'dpiaId'> & {
    owner: Role | null;
    dpia: 'shop' | 'calls' | 'draft' | null;
  };
  stage: Stage;
  /** value and effort by role */
  scores: Partial<Record<Role, [value: number, effort: number]>>;
  rule?: Omit<RuleInput, 'useCaseId' | 'audienceId'> & { audience?: StarterAudience };
}

const ideaOf = (
  title: string,
  summary: string,
  rest: Pick<StarterUseCase['input'], 'metric' | 'owner' | 'dpia' | 'predictedChange'> &
    Partial<Pick<StarterUseCase['input'], 'holdoutPercent'>>,
): StarterUseCase['input'] => ({ title, summary, holdoutPercent: 0, ...rest });

const STARTERS: readonly StarterUseCase[] = [
  {
    input: ideaOf(
      'Call customers whose payment fails twice',
      'A second failed payment within half an hour puts the customer at the top of the queue.',
      { metric: 'cartsAtRisk', owner: 'ops', dpia: 'shop', predictedChange: -15 },
    ),
    stage: 'live',
    scores: { agent: [9, 3], ops: [8, 4], stakeholder: [9, 2] },
    rule: {
      name: 'Payment failed twice',
      definition: {
        when: ['Payment Failed'],
        if: 'card.count("Payment Failed", 30) >= 2.0',
        // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
        then: {
          kind: 'service',
          title: 'Call and help with the payment',
          reason:
            'Payment failed {card.count("Payment Failed", 30)} times; cart of {card.cart.value} {card.cart.currency}.',
        },
        purpose: 'service',
        coolDownSeconds: 1_800,
        priority: 90,
        queue: true,
      },
    },
  },
  {
    input: ideaOf(
      'Free delivery for large carts at checkout',
      'A member of Plus or Premium who starts the checkout of a large cart may be offered free delivery.',
      {
        metric: 'conversionRate',
        owner: 'stakeholder',
        dpia: 'shop',
        predictedChange: 6,
        holdoutPercent: 20,
      },
    ),
    stage: 'live',
    scores: { agent: [6, 2], stakeholder: [8, 3], ops: [5, 4] },
    rule: {
      name: 'Large cart at checkout',
      audience: 'members',
      definition: {
        when: ['Checkout Started'],
        if: 'card.cart.open && card.cart.value >= 60.0 && consent.allows("marketing")',
        // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
        then: {
          kind: 'offer',
          title: 'Offer free delivery',
          reason: 'Checkout of {card.cart.items} items for {card.cart.value} {card.cart.currency}.',
          value: 'free delivery',
        },
        purpose: 'marketing',
        coolDownSeconds: 86_400,
        priority: 50,
        queue: false,
      },
    },
  },
  {
    input: ideaOf(
      'A supervisor joins a call that goes wrong',
      'Three turns of bad mood ask a supervisor to read along and join.',
      { metric: 'openContacts', owner: 'ops', dpia: 'calls', predictedChange: -10 },
    ),
    stage: 'live',
    scores: { agent: [8, 5], privacy: [5, 6], ops: [7, 5] },
    rule: {
      name: 'Call turns bad',
      definition: {
        when: ['Transcript Segment'],
        if: 'card.contact.open && card.contact.turns >= 3.0 && card.contact.sentiment < -0.2',
        // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
        then: {
          kind: 'save',
          title: 'Ask a supervisor to join',
          reason: 'Mood of the call is {card.contact.sentiment} after {card.contact.turns} turns.',
        },
        purpose: 'service',
        coolDownSeconds: 900,
        priority: 80,
        // Who is on a call stands in the queue already, as long as the call lasts.
        queue: false,
      },
    },
  },
  {
    input: ideaOf('Remind of a cart left behind', 'A message within the hour after a cart was abandoned.', {
      metric: 'abandonmentRate',
      owner: 'stakeholder',
      dpia: 'shop',
      predictedChange: -8,
    }),
    stage: 'shadow',
    scores: { stakeholder: [7, 4], ops: [6, 5] },
  },
  {
    input: ideaOf(
      'Recommend what similar visitors bought',
      'Shown beside the cart, chosen from similar visits.',
      {
        metric: 'revenue',
        owner: 'stakeholder',
        dpia: 'draft',
        predictedChange: 4,
      },
    ),
    stage: 'approved',
    scores: { stakeholder: [8, 8], privacy: [4, 9], ops: [6, 7] },
  },
  {
    input: ideaOf('Win back who has not ordered for 90 days', 'A personal word instead of a voucher.', {
      metric: null,
      owner: 'stakeholder',
      dpia: null,
      predictedChange: null,
    }),
    stage: 'scored',
    scores: { stakeholder: [6, 6], agent: [3, 7] },
  },
  {
    input: ideaOf(
      'Answer "where is my parcel" before the call',
      'Show the delivery state to who opens the help page.',
      {
        metric: 'openContacts',
        owner: null,
        dpia: null,
        predictedChange: null,
      },
    ),
    stage: 'idea',
    scores: {},
  },
];

/** On the way to a stage, the stages a card really passes. */
const WAY: readonly Stage[] = ['scored', 'approved', 'shadow', 'live'];

/**
 * Starter assessments, audiences, use cases and rules of the demo, through the same services people use. Cut off halfway, it goes on
 * where it was the next time: what is there by its title is not made again.
 */
export async function seedGovernance(deps: Deps, ids: GovernanceIds): Promise<void> {
  const dueAt = new Date(deps.now() + 9 * DAY_MS);
  const dpia = {
    shop: await signedDpia(deps, ids, SHOP_DPIA),
    calls: await signedDpia(deps, ids, CALL_DPIA),
    draft: (await ensureDpia(deps, ids, RECOMMENDATION_DPIA(dueAt))).id,
  };
  const audience = await ensureAudiences(deps, author(ids, 'ops'));
  for (const starter of STARTERS) await seedUseCase(deps, ids, starter, { dpia, audience });
}

function author(ids: GovernanceIds, role: Role) {
  return { workspaceId: ids.workspaceId, userId: ids.people[role], role };
}

async function ensureDpia(
  deps: Deps,
  ids: GovernanceIds,
  input: DpiaInput,
): Promise<{ id: string; status: string }> {
  const found = (await dpias(deps, ids.workspaceId)).find(({ title }) => title === input.title);
  return found ?? { ...(await addDpia(deps, author(ids, 'admin'), input)), status: 'draft' };
}

async function signedDpia(deps: Deps, ids: GovernanceIds, input: DpiaInput): Promise<string> {
  const { id, status } = await ensureDpia(deps, ids, input);
  if (status === 'draft') await submitDpia(deps, author(ids, 'admin'), { id, version: 1 });
  if (status === 'draft' || status === 'inReview') {
    await signDpia(deps, author(ids, 'privacy'), {
      id,
      version: 1,
      verdict: 'approved',
      opinion: 'Measures match the risks; what remains is low. To be looked at again in a year.',
      validMonths: 12,
    });
  }
  return id;
}

async function seedUseCase(
  deps: Deps,
  ids: GovernanceIds,
  { input: { owner, dpia, ...input }, stage, scores, rule }: StarterUseCase,
  made: { dpia: Record<'shop' | 'calls' | 'draft', string>; audience: Record<StarterAudience, string> },
): Promise<void> {
  const form = { ...input, ownerId: owner && ids.people[owner], dpiaId: dpia && made.dpia[dpia] };
  const stakeholder = author(ids, 'stakeholder');
  const found = (await board(deps, ids.workspaceId)).cards.find(({ title }) => title === input.title);
  const { id } = found ?? (await addUseCase(deps, stakeholder, form));
  const at: Stage = found?.stage ?? 'idea';
  if (at === 'idea' || at === 'scored') {
    for (const [role, [value, effort]] of Object.entries(scores) as [Role, [number, number]][]) {
      await scoreUseCase(deps, author(ids, role), { id, value, effort, note: '' });
    }
  }
  for (const step of stepsBetween(at, stage)) await moveUseCase(deps, stakeholder, { id, stage: step });
  if (!rule) return;
  const { audience, ...ruleInput } = rule;
  await ensureRule(deps, ids, {
    ...ruleInput,
    useCaseId: id,
    audienceId: audience ? made.audience[audience] : null,
  });
}

/** What is left of the way; nothing for a card that stands elsewhere by now. */
function stepsBetween(at: Stage, to: Stage): Stage[] {
  const isOnTheWay = at === 'idea' || WAY.includes(at);
  return isOnTheWay ? WAY.slice(WAY.indexOf(at) + 1, WAY.indexOf(to) + 1) : [];
}

async function ensureRule(deps: Deps, ids: GovernanceIds, input: RuleInput): Promise<void> {
  const ops = author(ids, 'ops');
  const found = (await ruleList(deps, ids.workspaceId)).rules.find(({ name }) => name === input.name);
  const { id } = found ?? (await addRule(deps, ops, input));
  if (!found?.enabled) await switchRule(deps, ops, { id, enabled: true });
}
