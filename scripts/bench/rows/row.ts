import type { LimitFigures } from '../limit';

/** What a row is run with. */
export interface RowContext {
  /** of each measured phase */
  seconds: number;
  /** of rows that run for long */
  minutes: number;
  /** The bare loop on this machine, measured once in the run, when first asked for. */
  limit(): Promise<LimitFigures>;
  /** Progress, for who watches. */
  say(text: string): void;
}

/** What a row measured, in words and units of its own, beside what it is held to. */
export interface RowFigures {
  bar: Record<string, number>;
  holds: boolean;
  [figure: string]: unknown;
}

export type Row = (context: RowContext) => Promise<RowFigures>;
