export { type PatternOfRule, rulePatterns } from './rule-pattern.service';
export { type LoadedRules, loadRules } from './running-rules.service';
