import type { inferRouterOutputs } from '@trpc/server';
import { formatChange } from '@/components/ui/format';
import type { Tone } from '@/components/ui/status-badge';
import type { AppRouter } from '@/server/api/root';
import { STAGES, type Stage } from '@/server/use-cases/use-case-stage.schema';

type Outputs = inferRouterOutputs<AppRouter>;
export type Card = Outputs['useCases']['board']['cards'][number];
export type EffectFigures = NonNullable<Outputs['useCases']['effect']>;
export type Choices = Outputs['useCases']['choices'];

/** Where a card is to go. */
export interface Move {
  id: string;
  stage: Stage;
  beforeId?: string;
}

/** The stage to the left or right; null at the edge. */
export function neighbourStage(stage: Stage, step: 1 | -1): Stage | null {
  return STAGES[STAGES.indexOf(stage) + step] ?? null;
}

/** The cards as they will stand once the server has agreed. */
export function withMove(cards: readonly Card[], { id, stage, beforeId }: Move): Card[] {
  const moved = cards.find((card) => card.id === id);
  if (!moved) return [...cards];
  const others = cards.filter((card) => card.id !== id);
  const at = beforeId === undefined ? -1 : others.findIndex((card) => card.id === beforeId);
  const placed = { ...moved, stage };
  return at === -1 ? [...others, placed] : [...others.slice(0, at), placed, ...others.slice(at)];
}

/** What a comparison with the holdout says, and how it is marked. */
export const VERDICT_WORDS: Record<
  EffectFigures['outcomes'][number]['verdict'],
  [words: string, tone: Tone]
> = {
  better: ['better than without', 'good'],
  worse: ['worse than without', 'bad'],
  unclear: ['not enough evidence yet', 'neutral'],
};

/** A difference of two shares, −1 to 1, in percentage points. */
export function signedPoints(difference: number): string {
  return `${formatChange(difference * 100, 1)} points`;
}

/** A change in per cent with its sign, to a tenth where that says anything. */
export function signedPercent(value: number): string {
  return `${formatChange(value, Math.abs(value) >= 100 ? 0 : 1)} %`;
}
