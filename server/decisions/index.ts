export { type LoadedRules, loadRules, runningRules } from './rule.service';
export { createRuleSet } from './rule-set';
