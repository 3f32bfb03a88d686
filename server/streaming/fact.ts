/**
 * What totals are made of. A fact is published as soon as it shows and retracted by the same fact with sign -1 when
 * a correction takes it back, so that a sum over facts is right at every moment.
 */
export const FACT_KINDS = [
  'visit', // at = start of the visit
  'cartOpened',
  'cartConverted', // amount = the order's total
  'cartAbandoned', // amount = value then in the cart
  'cartEmptied',
  'cartRecovered',
  'directOrder',
  'order', // every Order Completed; amount = total
  'refund', // amount = total refunded, positive
  'late', // one per late event, at = its event time
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export interface Fact {
  kind: FactKind;
  customer: string;
  /** event time of the fact, ms */
  at: number;
  sign: 1 | -1;
  /** exact decimal text */
  amount?: string;
  currency?: string;
  platform?: string;
}
