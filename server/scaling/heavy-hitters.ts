/** A key that was seen often, and at most how much of its count may belong to others. */
export interface HeavyHitter {
  key: string;
  /** never less than the true weight */
  weight: number;
  /** the true weight is at least `weight − error` */
  error: number;
}

/**
 * Space-Saving (Metwally, Agrawal, El Abbadi, 2005): the heaviest keys of a stream in bounded memory. With k counters and
 * a total weight N, every key heavier than N/k is held, and no count is too high by more than N/k.
 */
export class HeavyHitters {
  readonly #counters = new Map<string, { weight: number; error: number }>();
  #total = 0;

  constructor(private readonly capacity: number) {}

  /** Weight of all that was offered. */
  get total(): number {
    return this.#total;
  }

  get size(): number {
    return this.#counters.size;
  }

  offer(key: string, weight = 1): void {
    this.#total += weight;
    const counter = this.#counters.get(key);
    if (counter) {
      counter.weight += weight;
    } else if (this.#counters.size < this.capacity) {
      this.#counters.set(key, { weight, error: 0 });
    } else {
      const least = this.#removeLeast();
      this.#counters.set(key, { weight: least + weight, error: least });
    }
  }

  /** The heaviest keys, heaviest first. */
  top(count: number): HeavyHitter[] {
    return [...this.#counters]
      .map(([key, counter]) => ({ key, ...counter }))
      .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
      .slice(0, count);
  }

  #removeLeast(): number {
    let leastKey = '';
    let least = Number.POSITIVE_INFINITY;
    for (const [key, { weight }] of this.#counters) {
      if (weight >= least) continue;
      least = weight;
      leastKey = key;
    }
    this.#counters.delete(leastKey);
    return least;
  }
}
