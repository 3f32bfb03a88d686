import { formatCount, formatNumber } from '@/components/ui/format';
import type { Tone } from '@/components/ui/status-badge';
import type {
  ComparedFacts,
  ComparedPartition,
  ComparedStates,
  EquivalenceReport,
  Verdict,
} from '@/server/history/equivalence/equivalence.schema';

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

/** What a report comes to, in a sentence: how much was compared, and what differs. */
export function verdictInWords({ partitions }: Pick<EquivalenceReport, 'partitions'>): string {
  const compared = partitions.filter(({ verdict }) => verdict !== 'notCompared').length;
  const differing = differingParts(partitions);
  const of = `${formatNumber(compared)} of ${formatCount(partitions.length, 'partition')} compared`;
  return differing === '' ? of : `${of}; what differs: ${differing}`;
}

/** How many customers both builds make the same of: "139, all the same; 132 of them replayed". */
export function statesInWords({ customers, recomputed, different, parts }: ComparedStates): string {
  const replayed = `${formatNumber(recomputed)} of them replayed`;
  if (different === 0) return `${formatNumber(customers)}, all the same; ${replayed}`;
  return `${formatNumber(customers)}, ${formatNumber(different)} different (${countsInWords(parts)}); ${replayed}`;
}

/** What both builds publish: "349, the same as published". */
export function factsInWords({ thisBuild, running, different, kinds }: ComparedFacts): string {
  if (different === 0 && thisBuild === running) return `${formatNumber(thisBuild)}, the same as published`;
  const counts = `${formatNumber(thisBuild)} against ${formatNumber(running)} published`;
  const named = countsInWords(kinds);
  return named === '' ? counts : `${counts}; different: ${named}`;
}

const countsInWords = (counts: Partial<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count = 0]) => `${name} ${formatNumber(count)}`)
    .join(', ');
