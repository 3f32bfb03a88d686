import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { consoleUrl, keys, send } from './product';

/** The published RFM table of 995 customers, end to end: collector, log, processors, archive, REST. */

const AS_OF = '2006-12-31T00:00:00Z';
const BATCH = 100;

function rowsOf(file: string): string[][] {
  const text = readFileSync(new URL(`../server/features/golden/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

function orders(): Record<string, unknown>[] {
  return rowsOf('rfm-orders.csv').map(([userId = '', date = '', revenue = ''], index) => ({
    type: 'track',
    event: 'Order Completed',
    userId,
    properties: { total: Number(revenue) },
    timestamp: `${date}T00:00:00Z`,
    messageId: `rfm-order-${index}`,
  }));
}

/** The table as the interface tells it, one line of text per customer, by name. */
async function rfmTable(): Promise<string[]> {
  const response = await fetch(`${consoleUrl()}/api/v1/rfm?asOf=${AS_OF}`, {
    headers: { authorization: `Bearer ${keys().apiKey}` },
  });
  expect(response.status).toBe(200);
  const lines = (await response.text()).trim().split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ customer, recencyDays, frequency, monetary, r, f, m }) =>
      [customer, recencyDays, frequency, monetary, r, f, m].join(),
    )
    .sort();
}

test('RFM of 995 customers is the published table', async () => {
  const sent = orders();
  // In the order of the file, which is not that of time: many come years later than the customer's newest.
  for (let at = 0; at < sent.length; at += BATCH) await send(...sent.slice(at, at + BATCH));
  const published = rowsOf('rfm-published.csv')
    .map((row) => row.join())
    .sort();
  expect(published).toHaveLength(995);
  await expect.poll(rfmTable, { timeout: 120_000, intervals: [1_000] }).toEqual(published);
});
