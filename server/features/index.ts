export {
  noteCardRead,
  type Reveal,
  revealCustomer,
  revealedUntil,
} from './card-access.service';
export type { CardView } from './card-view.schema';
export { type FoundCustomer, readCustomer } from './customer.service';
export { contestsOf } from './label-contest.service';
export { type LiveRuleCard, liveRuleCards } from './live-rule-cards.service';
export { maskCard, maskKey, maskText } from './mask';
export { readCards, type ShardWithSettings } from './online-store';
export { type Purchaser, type RfmRow, rfmTable } from './rfm-table';
export { knownShards } from './shard-directory';
export { READ_BOUNDS_MS, type StoreReads, storeReads } from './store-reads';
export { tellReads } from './store-reads.service';
