/** What one event costs, µs of processor time, in each of the rounds in which both sides were run. */
export interface Round {
  base: number;
  tested: number;
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** The middle of the values; the mean of the two middle ones when they are even in number. 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (upper + lower) / 2;
}

export interface CostRatio {
  baseMicros: number;
  testedMicros: number;
  /** of each round, so that what else the machine did falls on both sides */
  ratios: number[];
  ratio: number;
}

/** The tested side's cost over the base's: the middle of the rounds' own ratios. */
export function costRatio(rounds: readonly Round[]): CostRatio {
  const ratios = rounds.map(({ base, tested }) => tested / base);
  return {
    baseMicros: rounded(median(rounds.map(({ base }) => base)), 1),
    testedMicros: rounded(median(rounds.map(({ tested }) => tested)), 1),
    ratios: ratios.map((ratio) => rounded(ratio, 3)),
    ratio: rounded(median(ratios), 3),
  };
}
