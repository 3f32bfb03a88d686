import { readFileSync } from 'node:fs';
import { factsOf, type OracleEvent, type OracleFact } from './customer-oracle';
import { decimalText, fraction, plus, ZERO } from './fraction';

/**
 * The totals of a shop's clickstream (CSV without header), computed from the file alone: the check on the whole of
 * collector, log, engine, archive and REST. Prints what `GET /api/v1/totals` answers after a replay of the file with its
 * own times, and explains every customer whom the file's own labels call abandoned.
 *
 *     tsx scripts/oracle/ibm-shop.ts <clickstream.csv> [--labels]
 */
export interface ShopLine {
  id: string;
  customer: string;
  t: number;
  type: string;
  item: string;
  category: string;
  price: string;
  basket: string;
}

export const NAMES: Record<string, string> = {
  add_to_cart: 'Product Added',
  checkout: 'Checkout Started',
  logout_with_purchase: 'Order Completed',
  browsing: 'Product List Viewed',
  login: 'Signed In',
  logout_without_purchase: 'Signed Out',
};

const MINUTE_MS = 60_000;
export const SHOP_SETTINGS = { visitGapMs: 30 * MINUTE_MS, cartGapMs: 30 * MINUTE_MS, currency: 'USD' };

export function readShop(text: string): ShopLine[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const [customer = '', time = '', type = '', item = '', category = '', price = '0', basket = '0'] =
      cells(line);
    return {
      id: String(index + 1),
      customer,
      t: Date.parse(`${time}Z`),
      type,
      item,
      category,
      price,
      basket,
    };
  });
}

function cells(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)|(?<=,)(?=,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '',
  );
}

export function eventOf(line: ShopLine): OracleEvent {
  const event: OracleEvent = { t: line.t, id: line.id, name: NAMES[line.type] ?? line.type };
  if (line.type === 'add_to_cart') return { ...event, item: line.item, price: line.price, quantity: 1 };
  if (line.type === 'logout_with_purchase') return { ...event, total: line.basket };
  return event;
}

export function byCustomer(lines: readonly ShopLine[]): Map<string, ShopLine[]> {
  const customers = new Map<string, ShopLine[]>();
  for (const line of lines) {
    const held = customers.get(line.customer);
    if (held) held.push(line);
    else customers.set(line.customer, [line]);
  }
  return customers;
}

export function totalsOf(lines: readonly ShopLine[]) {
  const customers = byCustomer(lines);
  const facts = [...customers.values()].flatMap((own) => factsOf(own.map(eventOf), SHOP_SETTINGS));
  const counted = (kind: string) => facts.filter((fact) => fact.kind === kind).length;
  const summed = (kind: string) =>
    decimalText(
      facts
        .filter((fact) => fact.kind === kind)
        .reduce((sum, fact) => plus(sum, fraction(fact.amount ?? '0')), ZERO),
    );
  return {
    events: lines.length,
    customers: customers.size,
    visits: counted('visit'),
    cartsOpened: counted('cartOpened'),
    cartsConverted: counted('cartConverted'),
    cartsAbandoned: counted('cartAbandoned'),
    cartsEmptied: counted('cartEmptied'),
    cartsRecovered: counted('cartRecovered'),
    directOrders: counted('directOrder'),
    abandonedValue: summed('cartAbandoned'),
    revenue: summed('order'),
    duplicates: 0,
    late: 0,
    deadLetters: 0,
    provisional: false,
  };
}

export interface LabelReading {
  customer: string;
  /** whether our carts end with an abandonment too */
  equal: boolean;
  reason: string;
}

/**
 * The file's label "abandoned": the last event is a `logout_without_purchase` after an `add_to_cart`. Says for each such
 * customer whether the last cart is abandoned by our definition too, and if not, why.
 */
export function explainLabels(lines: readonly ShopLine[]): LabelReading[] {
  const readings: LabelReading[] = [];
  for (const [customer, own] of byCustomer(lines)) {
    if (own.at(-1)?.type !== 'logout_without_purchase') continue;
    if (!own.some((line) => line.type === 'add_to_cart')) continue;
    readings.push(explain(customer, own));
  }
  return readings;
}

function explain(customer: string, own: readonly ShopLine[]): LabelReading {
  const facts = factsOf(own.map(eventOf), SHOP_SETTINGS).filter(isCartFact);
  const last = facts.at(-1);
  if (last?.kind === 'cartAbandoned') {
    return {
      customer,
      equal: true,
      reason: 'the last cart is abandoned 30 minutes after its last cart event',
    };
  }
  const lastAdd = own.findLastIndex((line) => line.type === 'add_to_cart');
  const order = own.find((line, index) => index > lastAdd && line.type === 'logout_with_purchase');
  if (order !== undefined) {
    const reason =
      'bought after the last add: that cart is converted, and nothing was added before the last sign-out';
    return { customer, equal: false, reason: `${reason} (order on line ${order.id})` };
  }
  return { customer, equal: false, reason: `ends with ${last?.kind ?? 'no cart'}` };
}

function isCartFact(fact: OracleFact): boolean {
  return fact.kind.startsWith('cart') && fact.kind !== 'cartOpened';
}

if (process.argv[1]?.endsWith('ibm-shop.ts')) {
  const file = process.argv[2];
  if (file === undefined) {
    process.stderr.write('usage: tsx scripts/oracle/ibm-shop.ts <clickstream.csv> [--labels]\n');
    process.exit(2);
  }
  const lines = readShop(readFileSync(file, 'utf8'));
  const answer = process.argv.includes('--labels') ? explainLabels(lines) : totalsOf(lines);
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}
