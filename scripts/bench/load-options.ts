import type { Percentiles } from './percentiles';

/** Events of one request. */
export const BATCH = 50;

/** What the load generator is told, as one JSON object. */
export interface LoadOptions {
  url: string;
  /** Several are used in turn, a batch each: so many workspaces, each with customers of its own. */
  writeKey: string | readonly string[];
  seconds: number;
  connections: number;
  /** events a second over all connections; 0: as fast as they are taken */
  rate: number;
  seed?: number;
  /** of each workspace */
  customers?: number;
  /** ends sooner, when so many events were made */
  events?: number;
  /** each customer once before the first comes again, rather than a few that send half of everything */
  inTurn?: boolean;
  /** Event times begin so long ago, ms, and go on `timeFactor` as fast as the clock. */
  agoMs?: number;
  timeFactor?: number;
  /** At the end what was turned away is not sent again. */
  givesUp?: boolean;
}

export interface LoadFigures {
  accepted: number;
  refused: number;
  /** requests sent again, for whatever reason */
  retried: number;
  /** requests answered 429; each was sent again after its Retry-After and not before */
  turnedAway: number;
  /** events that were due by the clock, sent or not; at rate 0 those that were made */
  offered: number;
  /** events of requests that were sent, repeats included */
  sent: number;
  /** events given up at the end, of which it is not known that they were not taken */
  unknown: number;
  seconds: number;
  perSecond: number;
  /** from the first attempt until it was taken, ms */
  ackMs: Percentiles;
  /** of the attempt that was taken, ms */
  answerMs: Percentiles;
}
