export {
  endReveal,
  listReveals,
  noteCardRead,
  type Reveal,
  revealCustomer,
  revealedUntil,
} from './card-access.service';
export type { CardView } from './card-view.schema';
export { cardForPerson, type FoundCustomer, findCustomers, readCustomer } from './customer.service';
export { maskCard, maskKey, maskName, maskText } from './mask';
export { CARD_TTL_MS, readCards, type ShardWithSettings } from './online-store';
export { type PurchaseFact, type Purchaser, purchasersOf, type RfmRow, rfmTable } from './rfm-table';
export { knownShards } from './shard-directory';
