import { formatNumber } from '@/components/ui/format';
import type { Tone } from '@/components/ui/status-badge';
import type { ComparedPartition, Verdict } from '@/server/history/equivalence/equivalence.schema';

export const VERDICTS: Record<Verdict, { tone: Tone; word: string }> = {
  equivalent: { tone: 'good', word: 'equivalent' },
  differs: { tone: 'bad', word: 'differs' },
  notCompared: { tone: 'warn', word: 'not compared' },
};

/** Parts of the state that differ, with in how many customers, and facts, worst first: "visits 12, facts 3". */
export function differingParts(partitions: readonly ComparedPartition[]): string {
  const sums = new Map<string, number>();
  const add = (name: string, count: number) => sums.set(name, (sums.get(name) ?? 0) + count);
  for (const { states, facts } of partitions) {
    for (const [part, customers] of Object.entries(states?.parts ?? {})) add(part, customers);
    if (facts && facts.different > 0) add('facts', facts.different);
  }
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${formatNumber(count)}`)
    .join(', ');
}
