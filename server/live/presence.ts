import type { Viewer } from './queue-room.schema';

/** Who looks at which customer, counted by socket: a second tab is not a second person. */
export class Presence {
  #byCustomer = new Map<string, Map<string, Viewer>>();

  /** @returns whether what others see has changed */
  enter(customer: string, socketId: string, viewer: Viewer): boolean {
    const before = this.of(customer).length;
    const sockets = this.#byCustomer.get(customer) ?? new Map<string, Viewer>();
    sockets.set(socketId, viewer);
    this.#byCustomer.set(customer, sockets);
    return this.of(customer).length !== before;
  }

  /** @returns whether what others see has changed */
  leave(customer: string, socketId: string): boolean {
    const sockets = this.#byCustomer.get(customer);
    if (!sockets) return false;
    const before = this.of(customer).length;
    sockets.delete(socketId);
    if (sockets.size === 0) this.#byCustomer.delete(customer);
    return this.of(customer).length !== before;
  }

  /** The people who look at a customer, each once, in the order they came. */
  of(customer: string): Viewer[] {
    const people = new Map<string, Viewer>();
    for (const viewer of this.#byCustomer.get(customer)?.values() ?? []) people.set(viewer.userId, viewer);
    return [...people.values()];
  }

  all(): Record<string, Viewer[]> {
    return Object.fromEntries([...this.#byCustomer.keys()].map((customer) => [customer, this.of(customer)]));
  }
}
