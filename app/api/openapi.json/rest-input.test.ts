import { beforeAll, describe, expect, it } from 'vitest';
import { routeOf, type TestRest, testRest } from './rest-fixture';

let rest: TestRest;

beforeAll(async () => {
  rest = await testRest();
});

describe('input at its edges', () => {
  it.each([
    ['/totals', 'from', '8640000000000001'],
    ['/totals', 'from', '-8640000000000000'],
    ['/totals', 'from', '-62135596800001'],
    ['/totals', 'to', '0000-01-01'],
    ['/totals', 'to', '253402300800000'],
    ['/totals', 'from', '2026-02-30'],
    ['/rfm', 'asOf', '8640000000000001'],
    ['/rfm', 'asOf', '-62135596800001'],
    ['/rfm', 'limit', '0'],
    ['/rfm', 'limit', '201'],
    ['/rfm', 'limit', 'many'],
    ['/rfm', 'cursor', ''],
    ['/rfm', 'cursor', 'abc'],
    ['/rfm', 'cursor', '~'],
    ['/rfm', 'cursor', '1~!'],
    ['/rfm', 'cursor', '8640000000000001~YQ'],
    ['/lag', 'limit', '0'],
    ['/lag', 'limit', '1.5'],
    ['/lag', 'cursor', 'abc'],
    ['/lag', 'cursor', '999999~main~0'],
    ['/lag', 'cursor', '1~main~4000'],
    ['/dead-letters', 'limit', '0'],
    ['/dead-letters', 'cursor', '-8640000000000000~1:a'],
    ['/dead-letters', 'cursor', '1~1:\0'],
    ['/dead-letters', 'cursor', '1~-9999999999:a'],
    ['/dead-letters', 'cursor', 'abc'],
    ['/dead-letters', 'sourceId', '\0'],
  ])('GET %s refuses %s=%s by its name', async (path, field, text) => {
    const answer = await rest.call(routeOf(path), { query: `?${new URLSearchParams({ [field]: text })}` });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field }] });
  });

  it.each([
    ['/totals', 'form'],
    ['/rfm', 'of'],
    ['/lag', 'partition'],
    ['/dead-letters', 'reasons'],
    ['/digest', 'at'],
    ['/workspace', 'id'],
    ['/opt-outs/{customer}', 'purpose'],
  ])('GET %s names a parameter that it does not know: %s', async (path, name) => {
    const answer = await rest.call(routeOf(path), { params: { customer: 'c' }, query: `?${name}=1` });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: name }] });
  });

  it('reads times as those of events are read: without a zone they are UTC', async () => {
    for (const from of ['2026-01-02T03:04:05', '2026-01-02 03:04:05', '2026-01-02T05:04:05+02:00']) {
      const answer = await rest.call(routeOf('/totals'), { query: `?from=${from}` });
      expect(await answer.json()).toMatchObject({ from: '2026-01-02T03:04:05.000Z' });
    }
  });

  it('opts nobody out by a name that it could not read', async () => {
    const body = new Uint8Array(Buffer.from('{"customer":"Ren\xe9"}', 'latin1'));
    const answer = await rest.call(routeOf('/opt-outs', 'POST'), { body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: 'The body is not UTF-8.' });
  });

  it('answers the first and the last instant there is', async () => {
    for (const at of ['0001-01-01', '-62135596800000', '253402300799999', '9999-12-31T23:59:59.999Z']) {
      const totals = await rest.call(routeOf('/totals'), { query: `?from=${at}&to=${at}` });
      const rfm = await rest.call(routeOf('/rfm'), { query: `?asOf=${at}` });
      expect([totals.status, rfm.status]).toEqual([200, 200]);
    }
  });

  it('asks for and opts out whomever the collector takes', async () => {
    const customer = '\u20ac'.repeat(512);
    const optedOut = await rest.call(routeOf('/opt-outs', 'POST'), { body: { customer } });
    expect(optedOut.status).toBe(200);
    const asked = await rest.call(routeOf('/opt-outs/{customer}'), { params: { customer } });
    expect(await asked.json()).toMatchObject({ customer, optedOut: true });
    expect((await rest.call(routeOf('/customers/{key}'), { params: { key: customer } })).status).not.toBe(
      400,
    );
    const longer = await rest.call(routeOf('/customers/{key}'), { params: { key: `${customer}x` } });
    expect(longer.status).toBe(400);
  });
});
