import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/root';
import type { RuleInput } from '@/server/decisions/rule.schema';

type Outputs = inferRouterOutputs<AppRouter>;
export type Rule = Outputs['rules']['list']['rules'][number];
export type Trial = Outputs['rules']['trial'];
export type RuleVersion = Outputs['rules']['versions'][number];
export type Audience = Outputs['audiences']['list'][number];
export type MembersNow = Outputs['audiences']['members'];

/** A rule that names no audience. */
export const EVERYONE = 'everyone';

/** Where a new rule begins: help when a payment failed. */
export const NEW_RULE: RuleInput = {
  name: '',
  useCaseId: null,
  audienceId: null,
  definition: {
    when: ['Payment Failed'],
    if: '',
    // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
    then: { kind: 'service', title: '', reason: '' },
    purpose: 'service',
    coolDownSeconds: 1_800,
    priority: 50,
    queue: true,
  },
};

/** Names offered for *When*; any other may be typed. */
export const KNOWN_EVENTS = [
  'Product Viewed',
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Coupon Applied',
  'Payment Failed',
  'Order Completed',
  'Order Refunded',
  'Signed In',
  'Transcript Segment',
  'Call Ended',
  'Live Chat Conversation Started',
  'Live Chat Message Received',
];

export function inputOf(rule: Rule): RuleInput {
  return {
    name: rule.name,
    useCaseId: rule.useCase?.id ?? null,
    audienceId: rule.audience?.id ?? null,
    definition: rule.definition,
  };
}
