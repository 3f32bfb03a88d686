import { DAY_MS, HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { keepEffect, keptEffect, type LaunchKey } from './kept-effect.connector';
import { findUseCase } from './use-case.repository';
import { type ArmCounts, compareArms, type UseCaseEffect } from './use-case-effect';
import { armOutcomes, type EffectRow } from './use-case-effect.repository';

/** A cart is abandoned half an hour after its last event: within the hour most of what follows a decision is known. */
const OUTCOME_MS = HOUR_MS;
/** Older decisions say little about what the rules do now, and reading them would take longer and longer. */
const MAX_AGE_MS = 30 * DAY_MS;
const MAX_DECISIONS = 20_000;

const NOBODY: ArmCounts = { decided: 0, counted: 0, ordered: 0, abandoned: 0 };

/**
 * What the use case does to those it decides about: treated beside held out, since its last launch (30 days at most), as of
 * some seconds ago. Null before the first launch.
 * @throws Fault `not_found`
 */
export async function useCaseEffect(
  deps: Pick<Deps, 'db' | 'now' | 'queueRedis'>,
  workspaceId: string,
  id: string,
): Promise<UseCaseEffect | null> {
  const row = await findUseCase(deps, workspaceId, id);
  if (row === null) throw new Fault('not_found', 'There is no such use case.');
  if (row.launchedAt === null) return null;
  const launch: LaunchKey = { workspaceId, id, launchedAt: row.launchedAt };
  const kept = await keptEffect(deps, launch);
  if (kept !== null) return kept;
  const effect = await readEffect(deps, launch, row.metric);
  keepEffect(deps, launch, effect);
  return effect;
}

async function readEffect(
  deps: Pick<Deps, 'db' | 'now'>,
  { workspaceId, id, launchedAt }: LaunchKey,
  metric: string | null,
): Promise<UseCaseEffect> {
  const now = deps.now();
  const since = Math.max(launchedAt.getTime(), now - MAX_AGE_MS);
  const rows = await armOutcomes(deps, workspaceId, {
    useCaseId: id,
    since: new Date(since),
    completeUpTo: new Date(now - OUTCOME_MS),
    outcomeMs: OUTCOME_MS,
    maxDecisions: MAX_DECISIONS,
  });
  const [treated, heldOut] = [armOf(rows, false), armOf(rows, true)];
  return {
    at: now,
    since,
    outcomeMs: OUTCOME_MS,
    cut: rows.some(({ read }) => read === MAX_DECISIONS),
    mixed: rows.reduce((sum, { mixed }) => sum + mixed, 0),
    treated,
    heldOut,
    outcomes: compareArms(metric, treated, heldOut),
  };
}

function armOf(rows: readonly EffectRow[], wanted: boolean): ArmCounts {
  const row = rows.find(({ heldOut }) => heldOut === wanted);
  if (row === undefined) return NOBODY;
  const { decided, counted, ordered, abandoned } = row;
  return { decided, counted, ordered, abandoned };
}
