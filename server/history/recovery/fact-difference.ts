import { addAmounts, amountText, readAmount } from '@/server/processors';
import type { Fact } from '@/server/streaming/fact';

/** What makes two facts the same, in one text: only the last member may hold any character. */
function factKey({ kind, customer, at, amount, currency, platform }: Fact): string {
  const exact = amount === undefined ? '' : amountText(addAmounts(readAmount(amount) ?? 0, 0));
  return `${kind} ${at} ${exact} ${platform ?? ''} ${currency?.length ?? '-'} ${currency ?? ''} ${customer}`;
}

/** How often each fact stands, its retractions taken off. */
export class FactSums {
  readonly #sums = new Map<string, { fact: Fact; sum: number }>();

  add(fact: Fact, by: number): void {
    const key = factKey(fact);
    const held = this.#sums.get(key);
    if (held !== undefined) {
      held.sum += by;
      return;
    }
    const { kind, customer, at, sign, amount, currency, platform } = fact;
    this.#sums.set(key, { fact: { kind, customer, at, sign, amount, currency, platform }, sum: by });
  }

  /** Each fact as often as it stands; taken back as often as it stands below nothing. */
  facts(): Fact[] {
    const standing: Fact[] = [];
    for (const { fact, sum } of this.#sums.values()) {
      for (let n = 0; n < Math.abs(sum); n += 1) standing.push({ ...fact, sign: sum > 0 ? 1 : -1 });
    }
    return standing;
  }
}
