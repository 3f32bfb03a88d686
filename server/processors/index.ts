export { addAmounts, amountText, readAmount } from './amount';
export { cardOf } from './customer-card';
export type { CartCard, CartOutcome, ContactCard, CustomerCard, VisitCard } from './customer-card.schema';
export { createProcessor } from './processor';
export { NO_RULES, type RuleCard, type RuleFiring, type RuleSet, type RuleSetInput } from './rule-set';
export { lexiconSentiment, type SentimentModel, type SentimentReading } from './sentiment';
export { digestOf, partNumbersOf } from './state-digest';
export { stateShares } from './state-shares';
export { emptyWorkingSet, type ProcessorConfig } from './step-run';
