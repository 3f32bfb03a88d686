import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { createProcessor, lexiconSentiment, NO_RULES } from '@/server/processors';
import { PartitionPump } from '@/server/processors/partition-pump';
import { type PurchaseFact, purchasersOf } from './purchasers-fixture';
import { rfmTable } from './rfm-table';

const AS_OF = Date.parse('2006-12-31T00:00:00Z');

function rowsOf(file: string): string[][] {
  const text = readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describe('RFM', () => {
  it('is the published table for all 995 customers, orders taken however late', () => {
    const settings = {
      visitGapMs: 30 * MINUTE_MS,
      cartGapMs: 30 * MINUTE_MS,
      latenessMs: 10 * MINUTE_MS,
      currency: 'EUR',
    };
    const pump = new PartitionPump(
      createProcessor({ settings, ruleSet: NO_RULES, sentiment: lexiconSentiment, workspaceId: 'w' }),
      4,
    );
    rowsOf('rfm-orders.csv').forEach(([customer = '', date = '', revenue = ''], index) => {
      const t = Date.parse(`${date}T00:00:00Z`);
      const event: CustomerEvent = {
        k: 'e',
        id: String(index),
        c: customer,
        t,
        r: t,
        s: 's',
        y: 'track',
        n: 'Order Completed',
        pl: 'store',
        p: { total: Number(revenue) },
      };
      pump.append(event);
    });
    pump.drain();
    expect(pump.facts().some((fact) => fact.kind === 'late')).toBe(true);
    const table = rfmTable(purchasersOf(purchases(pump), AS_OF), AS_OF);
    const shown = table.map(({ customer, recencyDays, frequency, monetary, r, f, m }) =>
      [customer, recencyDays, frequency, monetary, r, f, m].join(),
    );
    expect(shown.sort()).toEqual(
      rowsOf('rfm-published.csv')
        .map((row) => row.join())
        .sort(),
    );
  });

  it('scores a few customers who are well apart by one fifth each', () => {
    const places = [3, 1, 5, 2, 4];
    const purchasers = places.map((place) => ({
      customer: String(place),
      lastOrderAt: AS_OF - place * 10 * DAY_MS,
      orders: place * 10,
      monetary: `${place}0.25`,
    }));
    for (const { customer, r, f, m } of rfmTable(purchasers, AS_OF))
      expect([r, f, m]).toEqual([6 - Number(customer), Number(customer), Number(customer)]);
  });

  it('subtracts refunds, undoes what was taken back and leaves out what came after', () => {
    const fact = (kind: 'order' | 'refund', day: number, amount: string, sign: 1 | -1 = 1): PurchaseFact => ({
      kind,
      customer: 'u',
      at: AS_OF - day * DAY_MS,
      sign,
      amount,
    });
    const facts = [
      fact('order', 3, '10.10'),
      fact('order', 1.5, '0.20'),
      fact('refund', 1, '5'),
      fact('order', 0.5, '7'),
      fact('order', 0.5, '7', -1),
      fact('order', -1, '99'),
    ];
    const purchasers = purchasersOf(facts, AS_OF);
    expect(rfmTable(purchasers, AS_OF)).toEqual([
      { customer: 'u', recencyDays: 1, frequency: 2, monetary: '5.3', r: 5, f: 1, m: 1 },
    ]);
    expect(rfmTable([], AS_OF)).toEqual([]);
  });
});

function* purchases(pump: PartitionPump): Generator<PurchaseFact> {
  for (const { kind, customer, at, sign, amount = '0' } of pump.facts()) {
    if (kind === 'order' || kind === 'refund') yield { kind, customer, at, sign, amount };
  }
}
