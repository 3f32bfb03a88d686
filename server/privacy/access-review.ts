/** One person's looks at customers over a time, and what makes it worth a second look. */
export interface AccessRow {
  actorId: string;
  actorName: string | null;
  views: number;
  customers: number;
  reveals: number;
  lastAt: Date;
  /** plain words; empty when nothing is out of the ordinary */
  unusual: string[];
}

export type AccessCount = Omit<AccessRow, 'unusual' | 'actorName'> & { offHours: number };

const MANY_REVEALS = 10;
const TIMES_THE_MEDIAN = 3;
const FEW = 20;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Rows with what stands out, unusual ones first. */
export function reviewAccess(
  counts: readonly AccessCount[],
  names: ReadonlyMap<string, string>,
): AccessRow[] {
  const usual = median(counts.map(({ customers }) => customers));
  const rows = counts.map(({ offHours, ...row }) => {
    const unusual: string[] = [];
    if (row.customers > FEW && row.customers > usual * TIMES_THE_MEDIAN) {
      unusual.push(`${row.customers} customers, usual is ${usual}`);
    }
    if (row.reveals >= MANY_REVEALS) unusual.push(`${row.reveals} reveals`);
    if (offHours > 0) unusual.push(`${offHours} between 22:00 and 06:00`);
    return { ...row, actorName: names.get(row.actorId) ?? null, unusual };
  });
  return rows.sort((a, b) => b.unusual.length - a.unusual.length || b.customers - a.customers);
}
