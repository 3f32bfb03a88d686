import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { workspaceDigest } from '@/server/history/digest.service';
import { totals } from '@/server/history/totals.service';
import { LostStream } from './lost-stream-fixture';

const WORKSPACE = 'ws_old';
const BEGINNINGS = [0, -20 * MINUTE_MS - 10 * DAY_MS, Date.UTC(1900, 0, 1)];

let stream: LostStream;

beforeAll(async () => {
  stream = await LostStream.open(WORKSPACE, 4);
});

afterAll(() => stream?.close());

/** Two customers: a cart is abandoned, then recovered; an anonymous cart is ordered by its user. */
function story(start: number): CustomerEvent[] {
  const event = (n: string, minute: number, c: string, more: Partial<CustomerEvent> = {}) =>
    plainEvent(`${start}.${n}.${minute}.${c}`, `${c}${start}`, {
      n,
      t: start + minute * MINUTE_MS,
      p: n === 'Product Added' ? { product_id: 'p', price: 10 } : { total: 10 },
      ...more,
    });
  return [
    event('Product Added', 0, 'one'),
    event('Product Viewed', 20, 'one'),
    event('Order Completed', 40, 'one'),
    event('Product Added', 0, 'anonymous'),
    event('Signed In', 5, 'user', { l: `anonymous${start}` }),
    event('Order Completed', 6, 'user'),
  ];
}

const totalsAround = (start: number) =>
  totals(stream.deps, WORKSPACE, {
    from: start - DAY_MS,
    to: start + DAY_MS,
  });

it('takes events at 0 and before 1970 through log, state and history, and is rebuilt with them', {
  timeout: 300_000,
}, async () => {
  const events = BEGINNINGS.flatMap(story);
  const expectTotals = async () => {
    for (const start of BEGINNINGS)
      expect(await totalsAround(start)).toMatchObject({
        events: 6,
        customers: 2,
        visits: 2,
        cartsOpened: 2,
        cartsAbandoned: 1,
        cartsRecovered: 1,
        cartsConverted: 1,
        directOrders: 0,
        late: 0,
        provisional: false,
      });
  };
  await stream.startWorkers();
  await stream.send(events);
  await stream.finalTotals(events.length);
  await expectTotals();
  const digest = await workspaceDigest(stream.deps, WORKSPACE);

  await stream.lose();
  await stream.recover();
  expect(await workspaceDigest(stream.deps, WORKSPACE)).toEqual(digest);
  await stream.startWorkers();
  await stream.finalTotals(events.length);
  await expectTotals();
});
