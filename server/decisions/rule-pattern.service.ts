import type { Deps } from '@/server/platform/deps';
import { listRules } from './rule.repository';
import { patternOf, type RulePattern } from './rule-pattern';

export interface PatternOfRule {
  ruleId: string;
  name: string;
  enabled: boolean;
  /** null: the rule says more than how often something happened, or is not for everyone */
  pattern: RulePattern | null;
}

/** The rules of a workspace, each with the pattern that its condition comes to. */
export async function rulePatterns(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<PatternOfRule[]> {
  const rules = await listRules(deps, workspaceId);
  return rules.map(({ id, name, enabled, definition, audience }) => ({
    ruleId: id,
    name,
    enabled,
    pattern: audience === null ? patternOf(definition) : null,
  }));
}
