import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import type { PartitionPump } from './partition-pump';
import { card, event, pumpOf, START, setOf } from './pump-fixtures';

/** What a customer does, by minute, in the order of arrival. */
type Story = readonly (readonly [
  name: string,
  minute: number,
  p?: JsonObject,
  more?: Partial<CustomerEvent>,
])[];

const ITEM = { product_id: 'p1', price: 10, quantity: 1 };
const CALL = { contactId: 'c1' };
const OF_KEY = { c: 'anon' };
const STORIES: Record<string, Story> = {
  'a checkout that stands still': [
    ['Product Added', 0, ITEM],
    ['Checkout Started', 3],
    ['Product Viewed', 9],
  ],
  'payments that fail': [
    ['Product Added', 0, ITEM],
    ['Payment Failed', 2],
    ['Payment Failed', 4],
  ],
  'carts and orders, one after the other': [
    ['Product Added', 0, ITEM],
    ['Product Viewed', 20],
    ['Order Completed', 40, { total: 5 }],
    ['Product Added', 45, ITEM],
    ['Order Completed', 50, { total: 7 }],
    ['Order Refunded', 55, { total: 5 }],
  ],
  'orders out of order, the first of them refunded before': [
    ['Order Refunded', 1, { total: 5 }],
    ['Order Completed', 9, { total: 7 }],
    ['Order Completed', 5, { total: 5 }],
  ],
  'an event as late as may be, and one later': [
    ['Product Viewed', 20],
    ['Product Viewed', 10],
    ['Product Added', 9, ITEM],
  ],
  'a call that ends': [
    ['Call Started', 0, CALL],
    [
      'Transcript Segment',
      2,
      { ...CALL, turnId: 't1', participant: 'customer', text: 'terrible', beginMs: 9 },
    ],
    ['Call Ended', 5, CALL],
    ['Product Viewed', 8],
  ],
  'a key that moves, with events of its own in time and too late afterwards': [
    ['Product Added', 4, ITEM, OF_KEY],
    ['Product Viewed', 6, {}, { l: 'anon' }],
    ['Product Viewed', 12, {}, OF_KEY],
    ['Product Added', 1, ITEM, OF_KEY],
    ['Product Added', 2, ITEM, OF_KEY],
    ['Order Completed', 14, { total: 5 }],
  ],
  'a day and more of carts': [
    ['Product Added', 0, ITEM],
    ['Checkout Started', 5],
    ['Product Added', 1_600, ITEM],
    ['Product Viewed', 1_630],
    ['Order Completed', 1_640, { total: 5 }],
    ['Product Viewed', 3_200],
  ],
};

/** Times are told by names that end so. */
const TIME = /^(at|since|visited|viewed|added|checkout|ordered)$|(?<!logged)At$/;

/** The same with its times as minutes after the beginning. */
function relative(value: unknown, start: number): unknown {
  return JSON.parse(JSON.stringify(value), (key, held: unknown) =>
    typeof held === 'number' && TIME.test(key) ? (held - start) / MINUTE_MS : held,
  );
}

/** All that shows of the customer after each event, what is only provisional included. */
function shown(story: Story, start: number): unknown {
  const pump: PartitionPump = pumpOf({ partitions: 2 });
  pump.cold = true;
  const after: unknown[] = [];
  for (const [index, [name, minute, p = {}, more = {}]] of story.entries()) {
    pump.append(event(name, 0, p, { id: `m${index}`, t: start + minute * MINUTE_MS, r: START, ...more }));
    pump.drain();
    const set = setOf(pump, 'u');
    const timer = set.timers.get('u') ?? null;
    after.push({
      card: pump.state('u') === null ? null : card(pump),
      queue: set.queue.get('u') ?? null,
      timer: timer === null ? null : timer - start,
      gauges: { ...set.aggregates.gauges },
    });
  }
  return relative({ after, outputs: pump.outputs }, start);
}

describe('no instant is special', () => {
  it.each(Object.entries(STORIES))(
    '%s: the same whichever event is at 0, and before 1970',
    (_name, story) => {
      const usual = shown(story, START);
      const starts = [...new Set(story.map(([, minute]) => -minute * MINUTE_MS))];
      for (const start of [...starts, Date.parse('1900-01-01T00:00:00Z')])
        expect(shown(story, start)).toEqual(usual);
    },
  );
});
