import type { RuleAtVersion } from './compile-rule';

export interface RuleConflict {
  ruleId: string;
  name: string;
  /** events both wait for */
  events: string[];
}

/** Other rules that one event may fire together with this one, for the same purpose: an agent would see only one. */
export function conflictsOf(
  rule: Pick<RuleAtVersion, 'id' | 'definition'>,
  others: readonly RuleAtVersion[],
): RuleConflict[] {
  const events = new Set(rule.definition.when);
  const conflicts: RuleConflict[] = [];
  for (const other of others) {
    if (other.id === rule.id || other.definition.purpose !== rule.definition.purpose) continue;
    const shared = other.definition.when.filter((name) => events.has(name));
    if (shared.length > 0) conflicts.push({ ruleId: other.id, name: other.name, events: shared });
  }
  return conflicts;
}
