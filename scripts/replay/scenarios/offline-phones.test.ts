import { expect, it } from 'vitest';
import type { TimedCall } from '../segment-call';
import { withOfflinePhones } from './offline-phones';
import { AWAY_MS, shopTraffic } from './shop-traffic';

const MINUTE_MS = 60_000;
const LATENESS_MS = 10 * MINUTE_MS;
const FROM = Date.UTC(2026, 2, 3, 10);
const TO = FROM + 60 * MINUTE_MS;
const RATE = 20;

const plain = shopTraffic();
const traffic = withOfflinePhones(plain);
const happenedAt = ({ call }: TimedCall) => Date.parse(call.timestamp);
const idOf = ({ call }: TimedCall) => call.messageId;
const sent = traffic.between(FROM, TO, RATE);
const kept = sent.filter((one) => one.at > happenedAt(one));

it('sends what a phone kept while it had no network when the customer has long been back', () => {
  const newest = new Map<string, number>();
  let late = 0;
  for (const one of sent) {
    const customer = one.call.userId ?? one.call.anonymousId ?? '';
    const before = newest.get(customer) ?? 0;
    if (before - happenedAt(one) > LATENESS_MS) late += 1;
    newest.set(customer, Math.max(before, happenedAt(one)));
  }
  // Those of the first minutes belong to visits before the span.
  expect(kept.length).toBeGreaterThan(30);
  expect(kept.length).toBeLessThan(sent.length / 100);
  expect(late).toBeGreaterThan(0.9 * kept.length);
});

it('keeps nothing back but what was looked at and put into carts on phones', () => {
  for (const { call } of kept) {
    expect(call.event).toMatch(/^Product (List Viewed|Viewed|Added)$/);
    expect(JSON.stringify(call.context)).toMatch(/ios|android/);
  }
});

it.each([20, 40])(
  'loses no call, sends none twice and keeps order wherever a span is cut, at %i events a second',
  (rate) => {
    const end = FROM + 15 * MINUTE_MS;
    const whole = traffic.between(FROM, end, rate);
    const cut: TimedCall[] = [];
    for (let at = FROM; at < end; at += 61_300)
      cut.push(...traffic.between(at, Math.min(end, at + 61_300), rate));
    expect(cut.map(idOf)).toEqual(whole.map(idOf));
    expect(new Set(whole.map(idOf)).size).toBe(whole.length);
    expect(whole.every(({ at }, index) => at >= (whole[index - 1]?.at ?? FROM) && at < end)).toBe(true);
    // All that is left of the span is sent when its customers come back for the first, second or third time.
    const returns = [1, 2, 3].flatMap((times) => {
      const from = FROM + times * AWAY_MS;
      return traffic.between(from, from + end - FROM + 5 * MINUTE_MS, rate);
    });
    const inTheEnd = new Set([...whole, ...returns].map(idOf));
    expect(plain.between(FROM, end, rate).filter((one) => !inTheEnd.has(idOf(one)))).toEqual([]);
  },
);
