import { DAY_MS, HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { findUseCase } from './use-case.repository';
import { type ArmCounts, compareArms, type OutcomeComparison } from './use-case-effect';
import { armOutcomes, type EffectRow } from './use-case-effect.repository';

/** A cart is abandoned half an hour after its last event: within the hour most of what follows a decision is known. */
const OUTCOME_MS = HOUR_MS;
/** Older decisions say little about what the rules do now, and reading them would take longer and longer. */
const MAX_AGE_MS = 30 * DAY_MS;
const MAX_DECISIONS = 20_000;

export interface UseCaseEffect {
  /** decisions read go back to here, ms */
  since: number;
  /** how long after the event decided about an outcome counts, ms */
  outcomeMs: number;
  /** more was decided than was read: the newest were taken */
  cut: boolean;
  /** customers decided about in both arms, because two of their keys met since */
  mixed: number;
  treated: ArmCounts;
  heldOut: ArmCounts;
  outcomes: OutcomeComparison[];
}

const NOBODY: ArmCounts = { decided: 0, counted: 0, ordered: 0, abandoned: 0 };

/**
 * What the use case does to those it decides about: treated beside held out, since its last launch (30 days at most).
 * Null before the first launch.
 * @throws Fault `not_found`
 */
export async function useCaseEffect(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
  id: string,
): Promise<UseCaseEffect | null> {
  const row = await findUseCase(deps, workspaceId, id);
  if (row === null) throw new Fault('not_found', 'There is no such use case.');
  if (row.launchedAt === null) return null;
  const now = deps.now();
  const since = Math.max(row.launchedAt.getTime(), now - MAX_AGE_MS);
  const rows = await armOutcomes(deps, workspaceId, {
    useCaseId: id,
    since: new Date(since),
    completeUpTo: new Date(now - OUTCOME_MS),
    outcomeMs: OUTCOME_MS,
    maxDecisions: MAX_DECISIONS,
  });
  const [treated, heldOut] = [armOf(rows, false), armOf(rows, true)];
  return {
    since,
    outcomeMs: OUTCOME_MS,
    cut: rows.some(({ read }) => read === MAX_DECISIONS),
    mixed: rows.reduce((sum, { mixed }) => sum + mixed, 0),
    treated,
    heldOut,
    outcomes: compareArms(row.metric, treated, heldOut),
  };
}

function armOf(rows: readonly EffectRow[], wanted: boolean): ArmCounts {
  const row = rows.find(({ heldOut }) => heldOut === wanted);
  if (row === undefined) return NOBODY;
  const { decided, counted, ordered, abandoned } = row;
  return { decided, counted, ordered, abandoned };
}
