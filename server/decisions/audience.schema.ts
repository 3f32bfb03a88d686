import { z } from 'zod';
import { MAX_CONDITION_LENGTH } from './rule.schema';

/** More than this nobody can look after; creating another is refused. */
export const MAX_AUDIENCES = 100;

export const audienceInputSchema = z.object({
  name: z.string().trim().min(3, 'At least 3 characters').max(100),
  description: z.string().trim().min(3, 'At least 3 characters').max(300),
  /** CEL over `card` and `consent`; a rule that is for everyone names no audience instead */
  condition: z.string().trim().min(1, 'Say who is in it').max(MAX_CONDITION_LENGTH),
});
export type AudienceInput = z.infer<typeof audienceInputSchema>;

/** An audience as it stands at a version: what a version of a rule keeps of it. */
export type RuleAudience = { id: string; version: number; name: string; condition: string };
