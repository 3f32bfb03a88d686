import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Format, readCalls } from './call-file';
import { LineError } from './line-error';
import type { TimedCall } from './segment-call';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function callsOf(format: Format, lines: readonly string[]): Promise<TimedCall[]> {
  const file = join(folder, 'calls');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const calls: TimedCall[] = [];
  for await (const call of readCalls(file, format)) calls.push(call);
  return calls;
}

const archived = (fields: object) => JSON.stringify({ type: 'track', userId: 'u', event: 'Seen', ...fields });

describe('a file of archived calls', () => {
  it('is read with its times and without when it was sent then', async () => {
    const calls = await callsOf('ndjson', [
      archived({ timestamp: '2024-01-01T10:00:00.000Z', sentAt: '2024-01-01T10:00:01.000Z' }),
      archived({ originalTimestamp: '2024-01-01T10:01:00.000Z', sentAt: '2024-01-01T10:01:01.000Z' }),
    ]);
    expect(calls.map(({ at }) => new Date(at).toISOString())).toEqual(
      calls.map(({ call }) => call.timestamp),
    );
    expect(calls.map(({ call }) => call.timestamp)).toEqual([
      '2024-01-01T10:00:00.000Z',
      '2024-01-01T10:01:00.000Z',
    ]);
    // With it the collector would take the sender's clock to be off by all the time since.
    for (const { call } of calls) expect(call).not.toHaveProperty('sentAt');
  });

  it('gives calls without an id one that is the same each time, and another in another file', async () => {
    const lines = ['a', 'b'].map((userId) => archived({ userId, timestamp: '2024-01-01' }));
    const idsOf = async (read: string[]) => (await callsOf('ndjson', read)).map(({ call }) => call.messageId);
    const ids = await idsOf(lines);
    expect(await idsOf(lines)).toEqual(ids);
    expect([...ids].sort()).toEqual(ids);
    const others = await idsOf(lines.map((line) => line.replace('Seen', 'Heard')));
    expect(new Set([...ids, ...others]).size).toBe(4);
  });

  it('is read behind a byte order mark, and with every time that the collector takes', async () => {
    const first = `\uFEFF${archived({ timestamp: '2024-01-01 10:00:00' })}`;
    const calls = await callsOf('ndjson', [first, archived({ timestamp: 1_704_103_200_000 })]);
    expect(calls.map(({ at }) => at)).toEqual([1_704_103_200_000, 1_704_103_200_000]);
  });

  it('is refused by the number of the line that cannot be read', async () => {
    const good = archived({ timestamp: '2024-01-01T10:00:00.000Z' });
    const refused = expect(callsOf('ndjson', [good, '{"type":"track"'])).rejects;
    await refused.toThrow(new LineError(2, 'is not JSON.'));
  });
});

describe('a file of customers', () => {
  it('is read as identify calls that have the same ids each time', async () => {
    const lines = ['Customer ID,First name,Note', 'c1,Ann,"two', 'lines"', '', 'c2,Bob,'];
    const calls = await callsOf('customers', lines);
    expect(calls.map(({ call }) => call)).toMatchObject([
      { type: 'identify', userId: 'c1', traits: { firstName: 'Ann', note: 'two\nlines' } },
      { type: 'identify', userId: 'c2', traits: { firstName: 'Bob' } },
    ]);
    const ids = (read: TimedCall[]) => read.map(({ call }) => call.messageId);
    expect(ids(await callsOf('customers', lines))).toEqual(ids(calls));
  });

  it('is refused by line, column and reason', async () => {
    await expect(callsOf('customers', ['id,name', 'c1,Ann', ',Bob'])).rejects.toThrow(
      'Line 3, id: Is empty.',
    );
    await expect(callsOf('customers', ['name,plan', 'Ann,gold'])).rejects.toThrow(
      /^Line 1: Say which one column/,
    );
  });
});

describe('a file of retail invoices', () => {
  const columns = (id: string, price: string) =>
    `${id},StockCode,Description,Quantity,InvoiceDate,${price},Customer ID,Country`;
  const line = (time: string, price = '2.55') =>
    `536365,85123A,HOLDER,6,${time},${price},17850,United Kingdom`;

  it('is read in both forms in which it is published', async () => {
    const newer = await callsOf('online-retail', [columns('Invoice', 'Price'), line('2010-12-01 08:26:00')]);
    const older = await callsOf('online-retail', [
      `\uFEFF${columns('InvoiceNo', 'UnitPrice')}`,
      line('12/1/2010 8:26'),
    ]);
    expect(older).toEqual(newer);
    expect(newer).toMatchObject([
      { at: Date.UTC(2010, 11, 1, 8, 26), call: { messageId: '536365', properties: { total: '15.3' } } },
    ]);
  });

  it('is refused by the number of the line that cannot be read', async () => {
    const refused = (...lines: string[]) => expect(callsOf('online-retail', lines)).rejects;
    const header = columns('Invoice', 'Price');
    await refused(header, line('2010-12-01 08:26:00', 'free')).toThrow(/^Line 2 has no number .*: free$/);
    await refused(header, line('yesterday')).toThrow(/^Line 2 has no time .*: yesterday$/);
  });
});
