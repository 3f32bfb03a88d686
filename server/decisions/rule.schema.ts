import { z } from 'zod';
import { purposeSchema } from '@/server/privacy/purpose-input.schema';

/** Longest condition, in characters; long enough for a page of conditions, short enough to check as one types. */
export const MAX_CONDITION_LENGTH = 1_000;
export const MAX_TRIGGERS = 20;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day such as 09:00');

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** When in the week a rule may fire; `to` before `from` spans midnight. Days: 1 Monday … 7 Sunday. */
export const ruleHoursSchema = z.object({
  timeZone: z.string().max(60).refine(isTimeZone, 'Unknown time zone'),
  days: z.array(z.number().int().min(1).max(7)).min(1, 'At least one day').max(7),
  from: clockTime,
  to: clockTime,
});
export type RuleHours = z.infer<typeof ruleHoursSchema>;

export const ACTION_KINDS = ['service', 'offer', 'save'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** What the agent is advised to do. `reason` may hold expressions in braces: `Cart of {card.cart.value}`. */
export const ruleActionSchema = z.object({
  kind: z.enum(ACTION_KINDS),
  title: z.string().trim().min(3, 'At least 3 characters').max(120),
  reason: z.string().trim().min(3, 'At least 3 characters').max(300),
  /** what is offered, such as "10 %" or "free shipping" */
  value: z.string().trim().max(60).optional(),
});
export type RuleAction = z.infer<typeof ruleActionSchema>;

export const ruleDefinitionSchema = z.object({
  /** names of events that may trigger it */
  when: z.array(z.string().trim().min(1).max(200)).min(1, 'At least one event').max(MAX_TRIGGERS),
  /** condition in CEL over `event`, `card` and `consent`; empty: always */
  if: z.string().max(MAX_CONDITION_LENGTH),
  // biome-ignore lint/suspicious/noThenProperty: the word of the domain (when, if, then); never awaited
  then: ruleActionSchema,
  purpose: purposeSchema,
  coolDownSeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400),
  /** among rules that fire together the highest is shown */
  priority: z.number().int().min(1).max(100),
  /** whether a firing puts the customer into the agents' queue */
  queue: z.boolean(),
  hours: ruleHoursSchema.optional(),
});
export type RuleDefinition = z.infer<typeof ruleDefinitionSchema>;

export const ruleNameSchema = z.string().trim().min(3, 'At least 3 characters').max(100);

export const ruleInputSchema = z.object({
  name: ruleNameSchema,
  definition: ruleDefinitionSchema,
  useCaseId: z.string().max(60).nullable(),
  /** whom it is for; null: everyone */
  audienceId: z.string().max(60).nullable(),
});
export type RuleInput = z.infer<typeof ruleInputSchema>;

/** A fault in an expression, where the editor should mark it: half-open offsets in characters. */
export interface ExpressionFault {
  /** which text of the rule, `if` or `then.reason`, or the condition of an audience */
  field: 'if' | 'then.reason' | 'condition';
  message: string;
  start: number;
  end: number;
}
