import { z } from 'zod';
import { SCALE_MAX } from './use-case-stage.schema';

/** Seconds a card may be judged before its scores are shown. */
export const ROUND_SECONDS = { least: 15, most: 900, usual: 60 } as const;
export const MAX_ROUND_CARDS = 30;

const id = z.string().max(60);
const scale = z.number().int().min(1).max(SCALE_MAX);

export const startRoundSchema = z.object({
  cards: z.array(id).min(1).max(MAX_ROUND_CARDS),
  seconds: z.number().int().min(ROUND_SECONDS.least).max(ROUND_SECONDS.most),
});

/** Where the caller believes the round to be: what was meant for another card is refused. */
export const roundPlaceSchema = z.object({ round: id, turn: z.number().int().min(0) });

export const giveScoreSchema = roundPlaceSchema.extend({
  value: scale,
  effort: scale,
  note: z.string().trim().max(500),
});

export const roundStepSchema = roundPlaceSchema.extend({ step: z.enum(['reveal', 'again', 'next', 'end']) });
export type RoundStep = z.infer<typeof roundStepSchema>['step'];

/** One person's score in a round. */
export interface RoundScore {
  userId: string;
  name: string;
  value: number;
  effort: number;
  note: string;
}

/**
 * What everybody in the workspace may see of a round. Until the reveal it says how many have scored, and nothing of
 * what they gave.
 */
export interface RoundView {
  id: string;
  /** counts every opening of a card, so that a score for an earlier one is known */
  turn: number;
  card: { id: string; title: string };
  /** place of the card in the round, from 1 */
  place: number;
  of: number;
  leader: { userId: string; name: string };
  phase: 'open' | 'revealed';
  /** ms: when scoring ends by itself */
  endsAt: number;
  given: number;
  scores: RoundScore[] | null;
}
