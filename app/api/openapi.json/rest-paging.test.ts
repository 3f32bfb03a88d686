import { beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '@/server/api/openapi';
import { shardsOf } from '@/server/identity';
import { withWorkspace } from '@/server/platform/postgres';
import { routeOf, type TestRest, testRest } from './rest-fixture';
import { REST_ROUTES } from './routes';

let rest: TestRest;

beforeAll(async () => {
  rest = await testRest();
  // A midnight that falls between two calls changes the days since an order.
  rest.deps.stopClock();
});

describe('lists in pages', () => {
  // In the order of their UTF-8 bytes, which is not that of JavaScript's characters.
  const customers = ['Zoe', 'anna', 'bob/?&', 'ef€', '\uffee'.repeat(512), '\u{1f600}'];
  const asOf = '2026-02-01T00:00:00Z';

  beforeAll(async () => {
    const { workspaceId } = rest.south;
    const [shard] = await shardsOf(rest.deps, workspaceId);
    const data = customers.map((customer, index) => ({
      workspaceId,
      shardId: shard?.shardId ?? 0,
      partition: 0,
      position: `rfm-${index}`,
      customer,
      kind: 'order',
      at: new Date(`2026-01-0${index + 1}T00:00:00Z`),
      sign: 1,
      amount: String(index + 1),
      currency: 'USD',
      platform: 'web',
    }));
    await withWorkspace(rest.deps.db, workspaceId, (tx) => tx.historyFact.createMany({ data }));
  });

  const rfm = (query: string) => rest.call(routeOf('/rfm'), { query });
  const nextOf = (answer: Response) =>
    /^<\/api\/v1\/rfm(\?[^>]*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
  const lag = async (query: string) => (await rest.call(routeOf('/lag'), { query })).json();

  it('RFM is whole without a limit, and the same in pages of any size, each linking to the next', async () => {
    const answer = await rfm(`?asOf=${asOf}`);
    expect(answer.headers.get('link')).toBeNull();
    const whole = (await answer.text()).trimEnd().split('\n');
    expect(whole.map((line) => JSON.parse(line).customer)).toEqual(customers);
    for (const limit of [1, 2, 5, 6, 200]) {
      const pages: string[][] = [];
      let query: string | null = `?asOf=${asOf}&limit=${limit}`;
      while (query !== null && pages.length <= customers.length) {
        const page: Response = await rfm(query);
        pages.push((await page.text()).trimEnd().split('\n'));
        query = nextOf(page);
      }
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(customers.length / limit));
    }
  });

  it('RFM goes on as of the instant it began with, and with all the rest when no limit is given', async () => {
    const first = nextOf(await rfm('?limit=1'));
    rest.deps.advance(40 * 86_400_000);
    const later = await rfm('');
    const cursor = new URLSearchParams(first ?? '').get('cursor') ?? '';
    const others = await rfm(`?cursor=${encodeURIComponent(cursor)}`);
    rest.deps.advance(-40 * 86_400_000);
    const daysOf = async (answer: Response) =>
      (await answer.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).recencyDays);
    const [, ...following] = await daysOf(later);
    expect(await daysOf(others)).toEqual(following.map((days) => days - 40));
    const other = await rfm(`?asOf=${asOf}&cursor=${encodeURIComponent(cursor)}`);
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ errors: [{ field: 'cursor' }] });
  });

  it('lag is whole without a limit, and the same in pages', async () => {
    const whole = await lag('');
    expect(whole).toMatchObject({ cursor: null });
    expect(whole.partitions).toHaveLength(16);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null && seen.length < 17) {
      const page: typeof whole = await lag(`?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.partitions);
      cursor = page.cursor;
    }
    // Seconds go on between the pages.
    const named = (readings: unknown[]) => readings.map((reading) => ({ ...Object(reading), lagSeconds: 0 }));
    expect(named(seen)).toEqual(named(whole.partitions));
    expect((await lag('?limit=16')).cursor).toBeNull();
  });

  it('are described', () => {
    const document = openApiDocument(REST_ROUTES, '0.0.0');
    for (const path of ['/rfm', '/lag', '/dead-letters']) {
      const integer = { type: 'integer', minimum: 1, maximum: 200 };
      expect(document).toMatchObject({
        paths: {
          [path]: {
            get: {
              parameters: expect.arrayContaining([
                expect.objectContaining({ name: 'limit', schema: expect.objectContaining(integer) }),
                expect.objectContaining({
                  name: 'cursor',
                  schema: expect.objectContaining({ type: 'string' }),
                }),
              ]),
            },
          },
        },
      });
    }
    expect(document).toMatchObject({
      paths: {
        '/rfm': { get: { responses: { 200: { headers: { Link: { schema: { type: 'string' } } } } } } },
      },
    });
  });
});
