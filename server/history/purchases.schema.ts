/** One event that a customer's purchases are made of. */
export interface PurchaseEvent {
  /** event time, ms */
  at: number;
  messageId: string;
  kind: 'order' | 'refund';
  /** exact decimal text, below zero for a refund */
  amount: string;
  currency: string;
}

/** The events behind a customer's recency, frequency and monetary value, and what they add up to. */
export interface Purchases {
  /** newest first */
  events: PurchaseEvent[];
  /** whether there are older ones than those listed: then the sums are of a part */
  more: boolean;
  orders: number;
  /** ms; null: no order */
  lastOrderAt: number | null;
  /** currency → exact decimal text */
  monetary: Record<string, string>;
}
