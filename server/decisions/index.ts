export { type LoadedRules, loadRules } from './rule.service';
