export { type LoadedRules, loadRules } from './rule.service';
export { type PatternOfRule, rulePatterns } from './rule-pattern.service';
