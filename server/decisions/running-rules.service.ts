import type { Deps } from '@/server/platform/deps';
import type { RuleSet } from '@/server/processors';
import { compileRule, type RuleAtVersion } from './compile-rule';
import { listRules, type RuleRow } from './rule.repository';
import { createRuleSet } from './rule-set';
import { ruleObstacles } from './rule-standing';

/** Rules the stream is to run now: switched on, and still allowed. Read anew when they change, and at least every minute. */
export async function runningRules(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
): Promise<RuleAtVersion[]> {
  return (await runningRows(deps, workspaceId)).map(ruleAtVersion);
}

function ruleAtVersion({
  id,
  version,
  name,
  definition,
  audience,
  useCase,
  binding,
}: RuleRow): RuleAtVersion {
  const holdout = binding?.holdout ?? undefined;
  return { id, version, name, definition, audience, useCaseId: useCase?.id, holdout };
}

async function runningRows(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): Promise<RuleRow[]> {
  const rows = await listRules(deps, workspaceId);
  const now = deps.now();
  return rows.filter((row) => row.enabled && ruleObstacles(row.definition, row.binding, now).length === 0);
}

export interface LoadedRules {
  /** changes whenever the set would */
  version: string;
  /** ms: when the first signature that the set stands on lapses; null: none does */
  changesAt: number | null;
  make(): RuleSet;
}

/** What the runtime keeps per workspace: a version to compare, and the compiled set made only when it changed. */
export async function loadRules(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): Promise<LoadedRules> {
  const rules = await runningRows(deps, workspaceId);
  const version = rules.map(versionText).sort().join(',');
  const lapses = rules.flatMap(({ binding }) => binding?.dpia?.validUntil?.getTime() ?? []);
  return {
    version,
    changesAt: lapses.length === 0 ? null : Math.min(...lapses),
    make: () => createRuleSet(rules.map(ruleAtVersion).filter(compiles)),
  };
}

/**
 * A use case launched anew draws another holdout, though none of its rules changed. An audience whose condition changes
 * gives its rules a new version.
 */
function versionText({ id, version, binding }: RuleRow): string {
  const holdout = binding?.holdout;
  return holdout ? `${id}@${version}%${holdout.percent}:${holdout.salt}` : `${id}@${version}`;
}

/** A rule saved by an older release may use what is no longer offered: it must not stop the others. */
function compiles(rule: RuleAtVersion): boolean {
  try {
    compileRule(rule);
    return true;
  } catch {
    return false;
  }
}
