import { z } from 'zod';
import { pageCursor, pageLimit } from '@/server/core/page.schema';
import { CONTACT_CHANNELS, type ContactChannel } from './context-standing.schema';
import {
  ESCALATION_TARGETS,
  type EscalationTarget,
  MOST_STEPS,
  PERCENT_BOUNDS,
} from './escalation-step.schema';

const PERCENT = `A whole per cent, ${PERCENT_BOUNDS.least} to ${PERCENT_BOUNDS.most.toLocaleString('en')}`;

const escalationStepSchema = z.strictObject({
  /** of the time a customer may wait */
  percent: z
    .number(PERCENT)
    .int(PERCENT)
    .min(PERCENT_BOUNDS.least, PERCENT)
    .max(PERCENT_BOUNDS.most, PERCENT),
  to: z.enum(ESCALATION_TARGETS),
});
export type EscalationStep = z.infer<typeof escalationStepSchema>;

export const escalationStepsSchema = z
  .array(escalationStepSchema)
  .max(MOST_STEPS, `At most ${MOST_STEPS} steps`)
  .superRefine((steps, problem) => {
    for (const [index, { percent }] of steps.entries()) {
      const before = steps[index - 1];
      if (before === undefined || percent > before.percent) continue;
      problem.addIssue({ code: 'custom', path: [index, 'percent'], message: 'More than the step before it' });
    }
  });

/** When a wait in a chat or call is raised, and to whom; no steps: never. */
export const escalationPlanSchema = z.strictObject({
  chat: escalationStepsSchema,
  call: escalationStepsSchema,
});
export type EscalationPlan = z.infer<typeof escalationPlanSchema>;

/** What holds until a workspace says otherwise. */
export const DEFAULT_PLAN: EscalationPlan = {
  chat: [
    { percent: 80, to: 'agents' },
    { percent: 150, to: 'supervisors' },
  ],
  call: [
    { percent: 80, to: 'agents' },
    { percent: 100, to: 'supervisors' },
  ],
};

/** Not strict: a list that is read on and on also says in which direction. */
export const escalationFilterSchema = z.object({
  channel: z.enum(CONTACT_CHANNELS).optional(),
  /** only those that stand */
  open: z.boolean().default(false),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});
export type EscalationFilter = z.output<typeof escalationFilterSchema>;

/** One step that a wait reached. */
export interface EscalationView {
  id: string;
  /** null: the key is an address or a number of somebody */
  customer: string | null;
  /** the key as it may be shown */
  label: string;
  channel: ContactChannel;
  percent: number;
  to: EscalationTarget;
  /** ms, as the other times */
  waitedSince: number;
  dueAt: number;
  raisedAt: number;
  takenAt: number | null;
  takenBy: string | null;
  /** the customer left before anybody took them */
  leftAt: number | null;
}

/** Waits of one channel that stand raised to the same people. */
export interface OpenEscalations {
  channel: ContactChannel;
  to: EscalationTarget;
  waits: number;
  /** when the longest of them began, ms */
  since: number;
}
