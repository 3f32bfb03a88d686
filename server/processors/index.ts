export { addAmounts, amountText, readAmount } from './amount';
export { CONTACT_SILENCE_MS } from './contacts';
export { cardOf, liveVisitOf } from './customer-card';
export type { CartCard, CartOutcome, ContactCard, CustomerCard, VisitCard } from './customer-card.schema';
export { purchaseOf } from './event-reading';
export { type Holdout, isHeldOut } from './holdout';
export { MAX_HOPS, MOST_OTHERS } from './identity-links';
export { lexiconSentiment } from './lexicon-sentiment';
export { createProcessor } from './processor';
export { liveRuleCard } from './rule-card';
export { NO_RULES, type RuleCard, type RuleFiring, type RuleSet, type RuleSetInput } from './rule-set';
export type { SentimentModel, SentimentReading } from './sentiment';
export type { SentimentBenchmark } from './sentiment-benchmark';
export { SENTIMENT_SCORE } from './sentiment-score';
export { atTheirEnds, digestOf, type EndOfKey, partNumbersOf, targetsOf } from './state-digest';
export {
  differencesFromHistory,
  differingParts,
  keptParts,
  type StateStanding,
  standingOf,
} from './state-parts';
export { stateShares } from './state-shares';
export { readState, stateText } from './state-text';
export { emptyWorkingSet, type ProcessorConfig } from './step-run';
export { isReadByAnother } from './turn-model';
