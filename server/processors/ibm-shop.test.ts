import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  explainLabels,
  NAMES,
  readShop,
  SHOP_SETTINGS,
  type ShopLine,
  totalsOf,
} from '@/scripts/oracle/ibm-shop';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import { hash32 } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import { addAmounts, amountText, createProcessor, lexiconSentiment, NO_RULES, readAmount } from './index';
import { PartitionPump } from './partition-pump';

const FILE = new URL('../../prisma/seed/samples/ibm-shop-clickstream.csv', import.meta.url);
const LATENESS_MS = 10 * MINUTE_MS;
const PARTITIONS = 8;

function eventOf(line: ShopLine): CustomerEvent {
  const p: JsonObject = {};
  if (line.type === 'add_to_cart') {
    Object.assign(p, { name: line.item, category: line.category, price: Number(line.price), quantity: 1 });
  }
  if (line.type === 'logout_with_purchase') p.total = Number(line.basket);
  const { id, customer: c, t } = line;
  return { k: 'e', id, c, t, r: t, s: 'shop', y: 'track', n: NAMES[line.type] ?? '', pl: 'web', p };
}

function replay(lines: readonly ShopLine[], batch: number): PartitionPump {
  const settings = { ...SHOP_SETTINGS, latenessMs: LATENESS_MS };
  const pump = new PartitionPump(
    createProcessor({ settings, ruleSet: NO_RULES, sentiment: lexiconSentiment, workspaceId: 'w' }),
    PARTITIONS,
  );
  pump.batch = batch;
  for (const line of lines) pump.append(eventOf(line));
  return pump.drain().tick((lines.at(-1)?.t ?? 0) + HOUR_MS);
}

function totals(pump: PartitionPump) {
  const facts = pump.facts();
  const counted = (kind: string) => facts.filter((fact) => fact.kind === kind).length;
  const summed = (kind: string) =>
    amountText(
      facts
        .filter((fact) => fact.kind === kind)
        .reduce((sum, fact) => addAmounts(sum, readAmount(fact.amount) ?? 0), readAmount(0) ?? 0),
    );
  return {
    events: pump.sets.reduce((sum, set) => sum + set.events, 0),
    customers: pump.sets.reduce((sum, set) => sum + set.states.size, 0),
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
    late: counted('late'),
    deadLetters: 0,
    provisional: false,
  };
}

describe('the whole shop file', () => {
  let lines: ShopLine[];
  beforeAll(() => {
    lines = readShop(readFileSync(FILE, 'utf8'));
  });

  it('has the totals an independent computation finds, in order and shuffled within the lateness', () => {
    const expected = totalsOf(lines);
    expect(expected).toMatchObject({ events: 10_000, customers: 1_059, cartsAbandoned: 322 });
    const plain = replay(lines, 1);
    expect(totals(plain)).toEqual(expected);
    // The file spans 8.5 minutes, less than the lateness: any order at all is an arrival in time.
    const mixed = [...lines].sort((a, b) => hash32(`seed 7 ${a.id}`) - hash32(`seed 7 ${b.id}`));
    const shuffled = replay(mixed, 500);
    expect(totals(shuffled)).toEqual(expected);
    expect(shuffled.digest()).toBe(plain.digest());
  });

  it('explains every customer the file labels abandoned', () => {
    const readings = explainLabels(lines);
    expect(readings).toHaveLength(222);
    const pump = replay(lines, 100);
    const last = new Map<string, string>();
    for (const fact of pump.facts()) {
      if (fact.kind.startsWith('cart') && fact.kind !== 'cartOpened') last.set(fact.customer, fact.kind);
    }
    for (const { customer, equal, reason } of readings) {
      expect(last.get(customer) === 'cartAbandoned', `${customer}: ${reason}`).toBe(equal);
    }
    expect(readings.filter(({ equal }) => !equal)).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/converted/) }),
    ]);
  });
});
