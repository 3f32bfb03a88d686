export { type Amount, addAmounts, amountText, readAmount } from './amount';
export { CONTACT_SILENCE_MS } from './contacts';
export {
  type CartCard,
  type CartOutcome,
  type ContactCard,
  type CustomerCard,
  cardOf,
  type VisitCard,
} from './customer-card';
export { type CustomerState, FUNNEL_STEPS, type FunnelStep, isMoved } from './customer-state';
export { CHECKOUT_IDLE_MS } from './customer-view';
export { emptyAggregates, FACT_COUNTERS } from './metrics';
export { createProcessor } from './processor';
export { NO_RULES, type RuleCard, type RuleFiring, type RuleSet, type RuleSetInput } from './rule-set';
export { lexiconSentiment, type SentimentModel, type SentimentReading, weightedSentiment } from './sentiment';
export { digestOf } from './state-digest';
export { emptyWorkingSet, type ProcessorConfig } from './step-run';
