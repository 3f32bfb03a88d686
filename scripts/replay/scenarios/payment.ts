import { percentOf } from './people';

/** How a customer's payment goes in one visit to the shop. */
export interface Payment {
  /** times of failures after the checkout, ms */
  failuresAfterMs: readonly number[];
  reason: string;
  /** the order comes this much later than in the file; null: it is given up */
  orderLaterMs: number | null;
}

const FAILS_PERCENT = 8;
const FAILS_TWICE_PERCENT = 2;
const GIVES_UP_PERCENT = 3;
const FAIL_AFTER_MS = 2_500;
const RETRY_AFTER_MS = 21_000;
const RETRY_WORKS_MS = 18_000;
const HELPED_MS = 45_000;
const HELPED_MS_PER_PERCENT = 1_000;

export const LAST_FAILURE_MS = RETRY_AFTER_MS;
export const LATEST_ORDER_MS = HELPED_MS + 100 * HELPED_MS_PER_PERCENT;
export const PAID_AT_ONCE: Payment = { failuresAfterMs: [], reason: '', orderLaterMs: 0 };

/** Most who fail pay at the next try, some after help, a few give up: always the same for a customer's visit. */
export function paymentOf(visit: string): Payment {
  const draw = percentOf(visit, 'payment');
  if (draw >= FAILS_PERCENT) return PAID_AT_ONCE;
  const reason = draw % 2 === 0 ? 'card declined' : 'confirmation timed out';
  if (draw >= FAILS_TWICE_PERCENT)
    return { failuresAfterMs: [FAIL_AFTER_MS], reason, orderLaterMs: RETRY_WORKS_MS };
  const givesUp = percentOf(visit, 'gives up') < GIVES_UP_PERCENT;
  const orderLaterMs = HELPED_MS + percentOf(visit, 'helped') * HELPED_MS_PER_PERCENT;
  return {
    failuresAfterMs: [FAIL_AFTER_MS, RETRY_AFTER_MS],
    reason,
    orderLaterMs: givesUp ? null : orderLaterMs,
  };
}
