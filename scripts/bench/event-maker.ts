/** Deterministic events of about 400 bytes: skewed customers, a shop's mix of pages, carts and orders. */

export interface EventMakerOptions {
  customers: number;
  seed: number;
  /** Each customer once before the first comes again. */
  inTurn?: boolean | undefined;
}

const PRODUCTS = [
  'Canned Foods',
  'Medicines',
  'Kettle',
  'Trail Shoes',
  'Notebook',
  'Lamp',
  'Headphones',
  'Coffee',
];

/** mulberry32: a small seeded generator, uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A skewed customer: the density falls with the square of the rank, so a few per cent send half of everything. */
function customerOf(random: () => number, customers: number): number {
  return Math.floor(customers * random() ** 3);
}

function propertiesOf(random: () => number): { name: string; properties: string } {
  const product = PRODUCTS[Math.floor(random() * PRODUCTS.length)] ?? 'Lamp';
  const price = (1 + Math.floor(random() * 9_999)) / 100;
  const draw = random();
  const item = `"product_id":"sku-${product.length}","name":"${product}","price":${price},"quantity":1,"currency":"USD"`;
  if (draw < 0.7)
    return { name: 'Product Viewed', properties: `{${item},"category":"General","position":3}` };
  if (draw < 0.88) return { name: 'Product Added', properties: `{${item},"cart_id":"main"}` };
  if (draw < 0.94)
    return { name: 'Checkout Started', properties: `{"value":${price},"currency":"USD","step":1}` };
  return { name: 'Order Completed', properties: `{"order_id":"o","total":${price},"currency":"USD"}` };
}

/** Returns a function that makes the body of a batch request as text. Ids are unique per seed. */
export function batchMaker(options: EventMakerOptions): (size: number, nowMs: number) => string {
  const random = seededRandom(options.seed);
  const run = `${options.seed}-${process.pid}-${Date.now().toString(36)}`;
  let count = 0;
  return (size, nowMs) => {
    const timestamp = new Date(nowMs).toISOString();
    const events: string[] = [];
    for (let i = 0; i < size; i += 1) {
      const { name, properties } = propertiesOf(random);
      const customer = options.inTurn ? count % options.customers : customerOf(random, options.customers);
      count += 1;
      events.push(
        `{"type":"track","messageId":"${run}-${count}","userId":"user-${customer}","timestamp":"${timestamp}","event":"${name}","properties":${properties},"context":{"library":{"name":"analytics-node","version":"2.3.0"},"page":{"path":"/catalogue/items","title":"Catalogue of items"},"locale":"en-GB"}}`,
      );
    }
    return `{"batch":[${events.join(',')}]}`;
  };
}
