import type { CustomerEvent } from './records';

/** A plain event of a customer, for tests to which only some of its members matter. */
export function plainEvent(id: string, customer: string, more: Partial<CustomerEvent> = {}): CustomerEvent {
  return { k: 'e', id, c: customer, t: 1, r: 1, s: 'src', y: 'track', n: 'Seen', pl: 'web', p: {}, ...more };
}
