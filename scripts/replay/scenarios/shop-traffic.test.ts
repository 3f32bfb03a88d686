import { expect, it } from 'vitest';
import { paymentOf } from './payment';
import { shopTraffic } from './shop-traffic';

const MINUTE_MS = 60_000;
const FROM = Date.UTC(2026, 2, 3, 10);
const TO = FROM + 90 * MINUTE_MS;

it('gives the same calls, each once and in order, wherever a span is cut', () => {
  const traffic = shopTraffic();
  const whole = traffic.between(FROM, TO, 20);
  const cut: typeof whole = [];
  for (let at = FROM; at < TO; at += 7_300) cut.push(...traffic.between(at, Math.min(TO, at + 7_300), 20));
  expect(cut.map(({ call }) => call.messageId)).toEqual(whole.map(({ call }) => call.messageId));
  expect(new Set(whole.map(({ call }) => call.messageId)).size).toBe(whole.length);
  expect(whole.every(({ at }, index) => at >= (whole[index - 1]?.at ?? FROM) && at < TO)).toBe(true);
});

it('has customers who order in the visit in which their cart was given up for lost', () => {
  const known = shopTraffic()
    .between(FROM, TO, 20)
    .filter(({ call }) => call.userId !== undefined);
  const byCustomer = Map.groupBy(known, ({ call }) => call.userId);
  const recovered = [...byCustomer.values()].filter((own) =>
    own.some(({ call, at }, index) => {
      const before = own.slice(0, index);
      const cart = before.findLast((one) => /^(Product Added|Product Removed)$/.test(one.call.event ?? ''));
      const gaps = before.map((one, place) => (own[place + 1]?.at ?? one.at) - one.at);
      const last = gaps.slice(cart ? before.indexOf(cart) : 0);
      return (
        call.event === 'Order Completed' &&
        cart !== undefined &&
        at - cart.at > 30 * MINUTE_MS &&
        Math.max(...last) < 30 * MINUTE_MS
      );
    }),
  );
  expect(recovered.length).toBeGreaterThan(20);
});

it('lets most whose payment fails twice pay within five minutes', () => {
  const visits = Array.from({ length: 20_000 }, (_, number) => paymentOf(`customer-${number}/1`));
  const twice = visits.filter(({ failuresAfterMs }) => failuresAfterMs.length === 2);
  const paid = twice.filter(({ orderLaterMs }) => orderLaterMs !== null && orderLaterMs < 5 * MINUTE_MS);
  expect(twice.length / visits.length).toBeLessThan(0.05);
  expect(paid.length / twice.length).toBeGreaterThan(0.8);
});
