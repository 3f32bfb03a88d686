import { addAmounts, amountText, readAmount } from '@/server/processors';
import type { Fact } from '@/server/streaming/fact';

/** What makes two facts the same, in one text. */
function factKey({ kind, customer, at, amount, currency, platform }: Fact): string {
  const exact = amount === undefined ? null : amountText(addAmounts(readAmount(amount) ?? 0, 0));
  return JSON.stringify([kind, customer, at, exact, currency ?? null, platform ?? null]);
}

/**
 * The facts that must still be published so that the sums of `published` become those of `wanted`: each missing one once
 * with its sign, each that stands too often taken back. Where facts were fired from the clock their positions differ from
 * replay to replay; their sums may not.
 */
export function factDifference(wanted: Iterable<Fact>, published: Iterable<Fact>): Fact[] {
  const sums = new Map<string, { fact: Fact; sum: number }>();
  const add = (fact: Fact, by: number) => {
    const key = factKey(fact);
    const entry = sums.get(key) ?? { fact, sum: 0 };
    entry.sum += by;
    sums.set(key, entry);
  };
  for (const fact of wanted) add(fact, fact.sign);
  for (const fact of published) add(fact, -fact.sign);
  const missing: Fact[] = [];
  for (const { fact, sum } of sums.values()) {
    for (let n = 0; n < Math.abs(sum); n += 1) missing.push({ ...fact, sign: sum > 0 ? 1 : -1 });
  }
  return missing;
}
