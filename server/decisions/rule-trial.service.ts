import { HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { findAudience } from './audience.repository';
import { expressionFaults } from './compile-rule';
import { findHoldout } from './rule.repository';
import type { ExpressionFault, RuleInput } from './rule.schema';
import { tryRule } from './rule-trial';
import { trialHistory } from './rule-trial.repository';

const TRIAL_MS = HOUR_MS;
/** How much of what customers did before the hour is read: enough for an open visit and cart. */
const CONTEXT_MS = 3 * HOUR_MS;
const MAX_CUSTOMERS = 2_000;
/** About half a second of work for the engine. */
const MAX_EVENTS = 20_000;
const EXAMPLES = 5;

export interface TrialResult {
  faults: ExpressionFault[];
  /** null when the rule cannot run */
  hits: number | null;
  /** of the hits: for customers in the use case's holdout, about whom nothing would have been done */
  heldOut: number;
  customers: number;
  /** events looked at, and the customers they belong to */
  eventsRead: number;
  windowMs: number;
  /** more had happened than was read: the true number is higher */
  cut: boolean;
  examples: { at: number; reason: string }[];
  /** firings per five minutes of the window, oldest first */
  perFiveMinutes: number[];
}

/**
 * What a rule would have done in the last hour: read from history, run by the engine itself. Writes nothing.
 * @param rule with the use case whose holdout applies (null: nobody is held out), and the audience it is for
 * @throws Fault `bad_request` for an audience that is none of the workspace
 */
export async function trialOfRule(
  deps: Deps,
  workspaceId: string,
  { definition, useCaseId, audienceId }: Omit<RuleInput, 'name'>,
): Promise<TrialResult> {
  const faults = expressionFaults(definition);
  const audience = audienceId === null ? null : await findAudience(deps, workspaceId, audienceId);
  if (audienceId !== null && audience === null) throw new Fault('bad_request', 'There is no such audience.');
  const since = deps.now() - TRIAL_MS;
  const nothing = {
    heldOut: 0,
    customers: 0,
    eventsRead: 0,
    windowMs: TRIAL_MS,
    cut: false,
    examples: [],
    perFiveMinutes: [],
  };
  if (faults.length > 0) return { ...nothing, faults, hits: null };
  const bounds = {
    since,
    contextSince: since - CONTEXT_MS,
    maxCustomers: MAX_CUSTOMERS,
    maxEvents: MAX_EVENTS,
  };
  const history = await trialHistory(deps, workspaceId, definition.when, bounds);
  const settings = await settingsOf(deps, workspaceId);
  const holdout = useCaseId === null ? null : await findHoldout(deps, workspaceId, useCaseId);
  const rule = {
    id: 'trial',
    version: 1,
    name: 'trial',
    definition,
    audience,
    holdout: holdout ?? undefined,
  };
  const firings = tryRule(rule, history.events, settings, since);
  return {
    faults,
    hits: firings.length,
    heldOut: firings.filter(({ heldOut }) => heldOut).length,
    customers: new Set(firings.map(({ customer }) => customer)).size,
    eventsRead: history.events.length,
    windowMs: TRIAL_MS,
    cut: history.cut,
    examples: firings
      .slice(-EXAMPLES)
      .reverse()
      .map(({ decidedAt, action }) => ({ at: decidedAt, reason: String(action.reason) })),
    perFiveMinutes: countPerSlice(
      firings.map(({ decidedAt }) => decidedAt),
      since,
    ),
  };
}

const SLICES = 12;

function countPerSlice(times: readonly number[], since: number): number[] {
  const counts = new Array<number>(SLICES).fill(0);
  for (const at of times) {
    const slice = Math.min(SLICES - 1, Math.floor(((at - since) / TRIAL_MS) * SLICES));
    counts[slice] = (counts[slice] ?? 0) + 1;
  }
  return counts;
}

async function settingsOf(deps: Deps, workspaceId: string) {
  const [shard] = await shardsOf(deps, workspaceId);
  if (!shard) throw new Fault('not_found', 'The workspace has no region yet.');
  return { ...shard.settings, currency: shard.currency };
}
