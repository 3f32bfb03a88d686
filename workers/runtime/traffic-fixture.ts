import { type CustomerEvent, type EventLog, encodeEvent } from '@/server/event-log';

const START = Date.UTC(2025, 2, 1);
const FLUSH = 50;

/** A seeded generator: the same numbers in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const NAMES = [
  'Product Added',
  'Product Added',
  'Product Removed',
  'Home',
  'Checkout Started',
  'Order Completed',
];

/** Carts, orders and visitors who identify themselves, over some hours of event time. */
export function traffic(count: number): CustomerEvent[] {
  const random = randomFrom(42);
  return Array.from({ length: count }, (_, index) => {
    const person = Math.floor(random() * 120);
    const known = random() < 0.6;
    const name = NAMES[Math.floor(random() * NAMES.length)] ?? 'Home';
    const t = START + index * 9_000 + Math.floor(random() * 200_000);
    const identifies = known && random() < 0.1;
    return {
      k: 'e',
      id: String(index + 1),
      c: known ? `user${person}` : `${index % 5 === 0 ? 'tablet' : 'anon'}${person}`,
      ...(identifies ? { l: `anon${person}`, l2: `tablet${person}` } : {}),
      t,
      r: t,
      s: 'source',
      y: 'track',
      n: name,
      pl: 'web',
      p: {
        product_id: `p${index % 7}`,
        price: 9.9,
        quantity: 1 + (index % 3),
        total: 20.25,
        currency: 'USD',
      },
    };
  });
}

/** One customer who puts so much into a cart that a part of the state is kept beside it. */
export function longCart(count: number): CustomerEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    k: 'e',
    id: `long-${index}`,
    c: 'collector',
    t: START + index * 400,
    r: START,
    s: 'source',
    y: 'track',
    n: index % 9 === 8 ? 'Product Removed' : 'Product Added',
    pl: 'web',
    p: { product_id: `l${index % 40}`, price: 1.5, quantity: 2, currency: 'USD' },
  }));
}

/** What repeats: of every tenth event not its id alone, as if it came as a CloudEvent. */
function dedupKeyOf({ id }: CustomerEvent): string {
  return id.endsWith('7') ? `urn:shop\n${id}` : id;
}

/** Appends events as the collector would, some at a time. */
export async function sendTraffic(
  log: EventLog,
  { shardId, partitions }: { shardId: number; partitions: number },
  events: readonly CustomerEvent[],
  between?: (sent: number) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < events.length; at += FLUSH) {
    const flush = events
      .slice(at, at + FLUSH)
      .map((event) => encodeEvent(event, dedupKeyOf(event), partitions));
    await log.append({ shardId, events: flush, deadLetters: [] });
    await between?.(at);
  }
}
