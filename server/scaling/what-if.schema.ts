import { z } from 'zod';

/** What a partition could be chosen by instead of the customer. */
export const WHAT_IF_KEYS = ['customer', 'source', 'platform', 'event name', 'message id'] as const;
export type WhatIfKey = (typeof WHAT_IF_KEYS)[number];

export const whatIfInput = z.strictObject({
  partitions: z.number().int().min(1).max(4_096),
  key: z.enum(WHAT_IF_KEYS),
});
export type WhatIfInput = z.output<typeof whatIfInput>;

/** How a sample of events spreads over partitions. */
export interface Spreading {
  partitions: number;
  /** share of the sample's events, 0…1; the index is the partition */
  shares: number[];
  /** largest ÷ mean; null: no events */
  skew: number | null;
  empty: number;
}

export interface WhatIf {
  /** ms: log times of the oldest and newest event of the sample */
  from: number;
  to: number;
  sampledEvents: number;
  customers: number;
  now: Spreading;
  tried: Spreading;
  /** share of all events that the heaviest value of the key has: no number of partitions can split it */
  heaviestShare: number;
  /** share of customers that would be in more than one partition: their order would be lost */
  splitCustomers: number;
  /** share of customers whose partition would be another */
  movedCustomers: number;
}
