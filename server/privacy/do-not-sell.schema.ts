import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { isKeepable, UNKEEPABLE } from '@/server/core/keepable-text';
import { BROADEST_PURPOSE, deniedFor, type Purpose } from './purpose.schema';
import { fieldsOf } from './signals/signal-mapping.schema';

/**
 * The purposes that a Californian request not to sell or share denies: those of Global Privacy Control, which is the same
 * request made by a browser (California Code of Regulations, title 11, § 7025).
 */
export const DO_NOT_SELL_PURPOSES: readonly Purpose[] = [
  ...new Set(fieldsOf('gpc').flatMap(({ denies }) => denies)),
];

/** Whether every purpose that such a request denies is denied. */
export function isNotSold(denied: readonly string[]): boolean {
  return DO_NOT_SELL_PURPOSES.every((purpose) => deniedFor(denied, purpose));
}

interface WishInForce {
  purpose: string;
  optedIn: boolean;
  /** ISO 8601 */
  acknowledgedAt: string | null;
}

/**
 * Since when all of those purposes are denied, by requests given newest first; null when one was never asked for, such as a
 * denial that came with a linked key.
 */
export function notSoldSince(wishes: readonly WishInForce[]): string | null {
  const times = DO_NOT_SELL_PURPOSES.map(
    (purpose) =>
      wishes.find(
        (wish) =>
          !wish.optedIn &&
          wish.acknowledgedAt !== null &&
          (wish.purpose === purpose || wish.purpose === BROADEST_PURPOSE),
      )?.acknowledgedAt ?? null,
  );
  return times.includes(null) ? null : (times.sort().at(-1) ?? null);
}

export const doNotSellSchema = z.object({
  customer: customerKeySchema,
  /** how and when the customer asked */
  reason: z.string().trim().max(400).refine(isKeepable, UNKEEPABLE).optional(),
});
export type DoNotSell = z.infer<typeof doNotSellSchema>;

export interface DoNotSellAnswer {
  customer: string;
  linkedKeys: string[];
  denied: string[];
  requestedAt: string;
  acknowledgedAt: string;
  /** from the request until every purpose was denied at every point of enforcement */
  effectMs: number;
  /** points that acknowledged, over all purposes */
  enforcementPoints: number;
}
