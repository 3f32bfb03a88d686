import { z } from 'zod';
import { QUEUE_REASONS } from '@/server/streaming/partition-step';

/** How long a customer may wait, in seconds, by why they wait. */
export const slaSchema = z.object({
  contact: z.number().int().min(5).max(86_400),
  rule: z.number().int().min(5).max(86_400),
  cart: z.number().int().min(5).max(86_400),
});
export type Sla = z.infer<typeof slaSchema>;

/** What holds until a workspace says otherwise. */
export const DEFAULT_SLA: Sla = { contact: 60, rule: 180, cart: 300 };

export const SLA_REASONS = QUEUE_REASONS;
