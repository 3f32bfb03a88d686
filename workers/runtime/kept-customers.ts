import type { QueueEntry } from '@/server/streaming/partition-step';

/** All that the store holds of one customer. The state is its JSON text: a tenth of the parsed object's memory. */
export interface StoredCustomer {
  state: string | null;
  /** key this one was linked to */
  redirect: string | null;
  queue: QueueEntry | null;
  cooldowns: Record<string, number> | null;
  /** earliest due event time, ms */
  due: number | null;
}

/** Memory of an entry beside its text: map, object and key, about. */
const ENTRY_BYTES = 200;

/** Customers of a partition as they were committed last, so that a batch need not read them from the store again. */
export class KeptCustomers {
  readonly #known = new Map<string, StoredCustomer>();
  #bytes = 0;

  get size(): number {
    return this.#known.size;
  }

  get(customer: string): StoredCustomer | undefined {
    return this.#known.get(customer);
  }

  set(customer: string, stored: StoredCustomer): void {
    const before = this.#known.get(customer);
    if (before) this.#bytes -= bytesOf(before);
    this.#known.set(customer, stored);
    this.#bytes += bytesOf(stored);
  }

  /** Forgets the customers kept longest, until the rest fits. */
  shrink(bytes: number): void {
    for (const [customer, stored] of this.#known) {
      if (this.#bytes <= bytes) return;
      this.#known.delete(customer);
      this.#bytes -= bytesOf(stored);
    }
  }
}

function bytesOf({ state }: StoredCustomer): number {
  return ENTRY_BYTES + (state?.length ?? 0);
}
