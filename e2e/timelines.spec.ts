import { expect, test } from '@playwright/test';
import { rest, send } from './product';

/** The worked timelines of the interface, end to end: collector, log, processors, archive, REST. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Totals {
  events: number;
  customers: number;
  visits: number;
  cartsOpened: number;
  cartsConverted: number;
  cartsAbandoned: number;
  cartsEmptied: number;
  cartsRecovered: number;
  directOrders: number;
  late: number;
  provisional: boolean;
}

interface Step {
  minute: number;
  kind: 'add' | 'removed' | 'page' | 'order' | 'identify';
  id?: string;
  /** whose ids the event carries; the timeline's customer by default */
  as?: 'user' | 'anonymous' | 'both';
}

interface Timeline {
  name: string;
  /** requests in order of arrival */
  sent: Step[][];
  expected: Partial<Totals>;
}

const add = (minute: number, more: Partial<Step> = {}): Step => ({ minute, kind: 'add', ...more });
const removed = (minute: number): Step => ({ minute, kind: 'removed' });
const page = (minute: number): Step => ({ minute, kind: 'page' });
const order = (minute: number, more: Partial<Step> = {}): Step => ({ minute, kind: 'order', ...more });

const TIMELINES: Timeline[] = [
  {
    name: 'two adds exactly 30 minutes apart',
    sent: [[add(0), add(30)]],
    expected: { visits: 1, cartsOpened: 2, cartsAbandoned: 2 },
  },
  {
    name: 'a gap of 30 minutes and a second',
    sent: [[page(0), page(30), page(60 + 1 / 60)]],
    expected: { visits: 2 },
  },
  {
    name: 'abandoned, then recovered in the same visit',
    sent: [[add(0), page(20), order(40)]],
    expected: { visits: 1, cartsAbandoned: 1, cartsRecovered: 1, cartsConverted: 0, directOrders: 0 },
  },
  {
    name: 'a second order after a recovery is direct',
    sent: [[add(0), page(20), order(40), order(41)]],
    expected: { visits: 1, cartsAbandoned: 1, cartsRecovered: 1, directOrders: 1 },
  },
  {
    name: 'emptied, then a direct order',
    sent: [[add(0), removed(5), order(6)]],
    expected: { cartsOpened: 1, cartsEmptied: 1, directOrders: 1, cartsConverted: 0 },
  },
  {
    name: 'equal times go by message id',
    sent: [[add(0, { id: '2' }), order(0, { id: '1' })]],
    expected: { directOrders: 1, cartsOpened: 1, cartsAbandoned: 1 },
  },
  {
    name: 'an order that arrives before the earlier add',
    sent: [[order(10)], [add(5)]],
    expected: { cartsConverted: 1, directOrders: 0 },
  },
  {
    name: 'an order that is 11 minutes late',
    sent: [[add(0), page(12)], [order(1)]],
    expected: { late: 1, cartsAbandoned: 1, cartsConverted: 0, directOrders: 0 },
  },
  {
    name: 'an anonymous cart that its user orders',
    sent: [
      [add(0, { as: 'anonymous' }), { minute: 5, kind: 'identify', as: 'both' }, order(6, { as: 'user' })],
    ],
    expected: { customers: 1, visits: 1, cartsConverted: 1, cartsOpened: 1, directOrders: 0 },
  },
];

/** @param idShift keeps numeric ids of one round from being duplicates of another's */
function segmentCall(step: Step, base: number, run: string, idShift: number): Record<string, unknown> {
  const ids =
    step.as === 'anonymous'
      ? { anonymousId: `anon-${run}` }
      : step.as === 'both'
        ? { anonymousId: `anon-${run}`, userId: `user-${run}` }
        : { userId: `user-${run}` };
  const common = {
    ...ids,
    timestamp: new Date(base + step.minute * MINUTE_MS).toISOString(),
    messageId: step.id === undefined ? crypto.randomUUID() : String(Number(step.id) + idShift),
  };
  switch (step.kind) {
    case 'add':
      return { ...common, type: 'track', event: 'Product Added', properties: { product_id: 'p', price: 10 } };
    case 'removed':
      return { ...common, type: 'track', event: 'Product Removed', properties: { product_id: 'p' } };
    case 'order':
      return { ...common, type: 'track', event: 'Order Completed', properties: { total: 10 } };
    case 'identify':
      return { ...common, type: 'identify', traits: {} };
    case 'page':
      return { ...common, type: 'page', name: 'Catalogue' };
  }
}

test('the worked timelines hold through the collector', async () => {
  // Every timeline has days of its own, so far in the past that no other journey has sent anything there.
  const firstDay = Date.now() - 1_900 * DAY_MS;
  // A second round is about 1970, where event times pass 0: an abandoned cart begins at that very instant.
  const abandoned = TIMELINES.findIndex(({ name }) => name.startsWith('abandoned'));
  const windows = [firstDay, -abandoned * 3 * DAY_MS].flatMap((first, round) =>
    TIMELINES.map((timeline, index) => ({
      timeline,
      base: first + index * 3 * DAY_MS,
      idShift: round * TIMELINES.length,
    })),
  );
  for (const { timeline, base, idShift } of windows) {
    const run = crypto.randomUUID().slice(0, 8);
    for (const request of timeline.sent)
      await send(...request.map((step) => segmentCall(step, base, run, idShift)));
  }
  for (const { timeline, base } of windows) {
    const from = new Date(base - DAY_MS).toISOString();
    const to = new Date(base + DAY_MS).toISOString();
    await expect
      .poll(
        async () => {
          const totals = await rest<Totals>(`totals?from=${from}&to=${to}`);
          return {
            ...Object.fromEntries(
              Object.keys(timeline.expected).map((key) => [key, totals[key as keyof Totals]]),
            ),
            provisional: totals.provisional,
          };
        },
        { message: `${timeline.name}, from ${from}`, timeout: 60_000 },
      )
      .toEqual({ ...timeline.expected, provisional: false });
  }
});
