import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '@/server/api/openapi';
import { mountRest, unknownOperation } from '@/server/api/rest';
import { inputWith } from '@/server/api/testing/candidate-inputs';
import { provideConsole } from '@/server/api/testing/provide-console';
import { fillEveryTable, MARK, NAME } from '@/server/api/testing/workspace-rows';
import { Fault } from '@/server/core/fault';
import { API_SCOPES, type ApiScope, type RestRoute, restRoute, shardsOf } from '@/server/identity';
import { createApiKey, revokeApiKey } from '@/server/identity/api-keys.service';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { REST_ROUTES } from './routes';

const V1 = 'app/api/v1';
let deps: Deps & { advance(ms: number): void };
let south: Awaited<ReturnType<typeof testWorkspace>>;
let apiKey: string;

beforeAll(async () => {
  deps = await testDeps();
  south = await testWorkspace(deps, 'south');
  provideConsole(deps);
  apiKey = await keyWith([...API_SCOPES]);
});

async function keyWith(scopes: ApiScope[]): Promise<string> {
  const form = { name: 'test', scopes, expiresInDays: null };
  return (await createApiKey(deps, south.actor('admin'), form)).apiKey;
}

function call(
  route: RestRoute,
  {
    params = {},
    query = '',
    key = apiKey,
    headers = {},
    body,
  }: {
    params?: Record<string, string>;
    query?: string;
    key?: string | null;
    headers?: Record<string, string>;
    body?: unknown;
  } = {},
): Promise<Response> {
  const { method, path } = route.definition;
  const request = new Request(`http://console.test/api/v1${path.replace(/[{}]/g, '')}${query}`, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(method === 'GET' || body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return mountRest(route)[method](request, { params: Promise.resolve(params) });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Handlers = Record<
  (typeof METHODS)[number] | 'OPTIONS',
  undefined | ((request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>)
>;

/** What stands at every address below `/api/v1`. */
async function addresses(): Promise<[path: string, handlers: Handlers][]> {
  const files = globSync(`${V1}/**/route.ts`);
  const pathOf = (file: string) => `/${relative(V1, dirname(file)).replaceAll(/\[(\w+)\]/g, '{$1}')}`;
  return Promise.all(
    files.map(async (file) => [pathOf(file), (await import(`@/${file}`)) as Handlers] as const),
  ) as Promise<[string, Handlers][]>;
}

/** What it answers without a key; Next puts an empty 405 where there is no handler. */
async function answerOf(handlers: Handlers, method: keyof Handlers): Promise<Response> {
  const request = new Request('http://console.test/api/v1/somewhere', { method });
  const answer = await handlers[method]?.(request, { params: Promise.resolve({}) });
  return answer ?? new Response(null, { status: 405 });
}

describe('the description', () => {
  it('lists exactly what is mounted', async () => {
    const mounted: string[] = [];
    for (const [path, handlers] of await addresses()) {
      if (path.includes('...')) continue;
      for (const method of METHODS) {
        // Without a key an operation gets as far as to ask for one.
        if ((await answerOf(handlers, method)).status === 401) mounted.push(`${method} ${path}`);
      }
    }
    const listed = REST_ROUTES.map(({ definition: { method, path } }) => `${method} ${path}`);
    expect(mounted.length).toBeGreaterThan(8);
    expect(mounted.sort()).toEqual(listed.sort());
  });

  it('is OpenAPI 3.1 with a schema for every parameter and answer', () => {
    const document = openApiDocument(REST_ROUTES, '0.0.0') as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { parameters: { in: string; name: string }[]; responses: object }>
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(Object.keys(operation.responses)).toContain('401');
      }
    }
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('every operation', () => {
  it.each(
    REST_ROUTES.map((route) => [`${route.definition.method} ${route.definition.path}`, route] as const),
  )('%s wants a key with its scope', async (_name, route) => {
    const none = await call(route, { key: null, body: {} });
    expect(none.status).toBe(401);
    expect(none.headers.get('content-type')).toBe('application/problem+json');
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await call(route, { key: 'mk_made_up', body: {} })).status).toBe(401);
    const others = API_SCOPES.filter((scope) => scope !== route.definition.scope);
    const refused = await call(route, { key: await keyWith(others), body: {} });
    expect(refused.status).toBe(403);
  });

  it.each(
    REST_ROUTES.map((route) => [`${route.definition.method} ${route.definition.path}`, route] as const),
  )('%s gives nothing of another workspace', async (_name, route) => {
    for (const name of names) {
      const params = textsOf(route.definition.params, name);
      const query = new URLSearchParams(textsOf(route.definition.query, name));
      const body = route.definition.body === undefined ? undefined : inputWith(route.definition.body, name);
      const text = await (await call(route, { params, query: `?${query}`, body })).text();
      expect(text.includes(MARK), text).toBe(false);
    }
  });

  const names: string[] = [];
  beforeAll(async () => {
    const north = await testWorkspace(deps, 'north');
    const [shard] = await shardsOf(deps, north.workspaceId);
    const known = { userId: north.actor('agent').userId, shardId: shard?.shardId ?? 0 };
    names.push(...(await fillEveryTable(deps, north.workspaceId, known)));
    names.push(`${NAME}-customer`, `${NAME}-message_id`, `${NAME}-from_key`);
  });
});

function textsOf(schema: z.ZodType | undefined, text: string): Record<string, string> {
  if (schema === undefined) return {};
  const input = inputWith(schema, text) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
}

function routeOf(path: string, method = 'GET'): RestRoute {
  const found = REST_ROUTES.find(
    ({ definition }) => definition.path === path && definition.method === method,
  );
  if (!found) throw new Error(`no operation ${method} ${path}`);
  return found;
}

describe('what is no operation', () => {
  it('is told so as RFC 9457 at every address, with the methods there are', async () => {
    for (const [path, handlers] of await addresses()) {
      if (path.includes('...')) continue;
      const own = REST_ROUTES.filter(({ definition }) => definition.path === path).map(
        ({ definition }) => definition.method as string,
      );
      const allow = [
        ...(own.includes('GET') ? ['GET', 'HEAD'] : []),
        'OPTIONS',
        ...own.filter((m) => m !== 'GET'),
      ];
      for (const method of METHODS.filter((one) => !own.includes(one))) {
        const answer = await answerOf(handlers, method);
        expect([path, method, answer.status]).toEqual([path, method, 405]);
        expect(answer.headers.get('allow')).toBe(allow.join(', '));
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: 405, title: 'Method not allowed' });
      }
      const options = await answerOf(handlers, 'OPTIONS');
      expect([options.status, options.headers.get('allow')]).toEqual([204, allow.join(', ')]);
    }
  });

  it('is not found by any method, the root itself included', async () => {
    const [[path, handlers] = ['', {} as Handlers], ...more] = (await addresses()).filter(([name]) =>
      name.includes('...'),
    );
    expect([path, more]).toEqual(['/[[...unknown]]', []]);
    for (const method of [...METHODS, 'OPTIONS'] as const) {
      const answer = await answerOf(handlers, method);
      expect([method, answer.status]).toEqual([method, 404]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });
});

describe('lists in pages', () => {
  // In the order of their UTF-8 bytes, which is not that of JavaScript's characters.
  const customers = ['Zoe', 'anna', 'bob/?&', 'ef€', '\uffee'.repeat(512), '\u{1f600}'];
  const asOf = '2026-02-01T00:00:00Z';

  beforeAll(async () => {
    const { workspaceId } = south;
    const [shard] = await shardsOf(deps, workspaceId);
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
    await withWorkspace(deps.db, workspaceId, (tx) => tx.historyFact.createMany({ data }));
  });

  const rfm = (query: string) => call(routeOf('/rfm'), { query });
  const nextOf = (answer: Response) =>
    /^<\/api\/v1\/rfm(\?[^>]*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
  const lag = async (query: string) => (await call(routeOf('/lag'), { query })).json();

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
    deps.advance(40 * 86_400_000);
    const later = await rfm('');
    const cursor = new URLSearchParams(first ?? '').get('cursor') ?? '';
    const rest = await rfm(`?cursor=${encodeURIComponent(cursor)}`);
    deps.advance(-40 * 86_400_000);
    const daysOf = async (answer: Response) =>
      (await answer.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).recencyDays);
    const [, ...others] = await daysOf(later);
    expect(await daysOf(rest)).toEqual(others.map((days) => days - 40));
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
    const answer = await call(routeOf(path), { query: `?${new URLSearchParams({ [field]: text })}` });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field }] });
  });

  it('answers the first and the last instant there is', async () => {
    for (const at of ['0001-01-01', '-62135596800000', '253402300799999', '9999-12-31T23:59:59.999Z']) {
      const totals = await call(routeOf('/totals'), { query: `?from=${at}&to=${at}` });
      const rfm = await call(routeOf('/rfm'), { query: `?asOf=${at}` });
      expect([totals.status, rfm.status]).toEqual([200, 200]);
    }
  });

  it('asks for and opts out whomever the collector takes', async () => {
    const customer = '\u20ac'.repeat(512);
    const optedOut = await call(routeOf('/opt-outs', 'POST'), { body: { customer } });
    expect(optedOut.status).toBe(200);
    const asked = await call(routeOf('/opt-outs/{customer}'), { params: { customer } });
    expect(await asked.json()).toMatchObject({ customer, optedOut: true });
    expect((await call(routeOf('/customers/{key}'), { params: { key: customer } })).status).not.toBe(400);
    const longer = await call(routeOf('/customers/{key}'), { params: { key: `${customer}x` } });
    expect(longer.status).toBe(400);
  });
});

describe('the frame', () => {
  let runs = 0;
  const echo = restRoute({
    method: 'POST',
    path: '/echo',
    summary: 'test',
    scope: 'metrics:read',
    query: z.object({ limit: z.coerce.number().int().max(5).default(1) }),
    body: z.strictObject({ word: z.string() }),
    response: z.object({}),
    handler: async ({ input, actor }) => {
      runs += 1;
      if (input.word === 'fault') throw new Fault('conflict', 'Said so.');
      if (input.word === 'crash') throw new Error('secret inner words');
      return { ...input, workspaceId: actor.workspaceId, runs };
    },
  });

  it('answers the workspace of the key, with its quota', async () => {
    const response = await call(echo, { body: { word: 'a' } });
    expect(await response.json()).toMatchObject({ word: 'a', limit: 1, workspaceId: south.workspaceId });
    expect(response.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/);
    expect(response.headers.get('ratelimit-policy')).toMatch(/^"key";q=\d+;w=60$/);
  });

  it('says by field what is wrong, and nothing of what broke inside', async () => {
    const wrong = await call(echo, { query: '?limit=9', body: { word: 'a' } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
    expect((await call(echo, { body: '{' })).status).toBe(400);
    expect((await call(echo, { body: { word: 'a', more: 1 } })).status).toBe(400);
    expect((await call(echo, { query: '?limit=1&limit=2', body: { word: 'a' } })).status).toBe(400);
    expect((await call(echo, { body: { word: 'x'.repeat(70_000) } })).status).toBe(413);
    expect((await call(echo, { body: { word: 'fault' } })).status).toBe(409);
    const crash = await call(echo, { body: { word: 'crash' } });
    expect(crash.status).toBe(500);
    expect(await crash.text()).not.toContain('secret');
    expect(unknownOperation().status).toBe(404);
  });

  it('takes parameters of the path as they come, decoded already, and no text a store cannot keep', async () => {
    const named = restRoute({
      method: 'GET',
      path: '/echo/{key}',
      summary: 'test',
      scope: 'metrics:read',
      params: z.object({ key: z.string() }),
      query: z.object({ word: z.string().optional() }),
      response: z.object({}),
      handler: async ({ input }) => input,
    });
    for (const key of ['a%41b', '50%off', '100%', 'a/b']) {
      expect(await (await call(named, { params: { key } })).json()).toEqual({ key });
    }
    const inPath = await call(named, { params: { key: 'a\0' } });
    const inQuery = await call(named, { params: { key: 'a' }, query: '?word=%00' });
    expect([inPath.status, inQuery.status]).toEqual([400, 400]);
    expect(await inPath.json()).toMatchObject({ errors: [{ field: 'key' }] });
    expect(await inQuery.json()).toMatchObject({ errors: [{ field: 'word' }] });
  });

  it('runs a POST with an Idempotency-Key once', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await (await call(echo, { headers, body: { word: 'b' } })).json();
    const again = await call(echo, { headers, body: { word: 'b' } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(first);
    expect((await call(echo, { headers, body: { word: 'other' } })).status).toBe(400);
    // A failure is not kept: the next try runs.
    const failing = { 'idempotency-key': 'k2' };
    expect((await call(echo, { headers: failing, body: { word: 'fault' } })).status).toBe(409);
    const before = runs;
    await call(echo, { headers: failing, body: { word: 'fault' } });
    expect(runs).toBe(before + 1);
  });

  it('refuses a revoked key at once and an expired one when its time comes', async () => {
    const form = { name: 'short', scopes: ['metrics:read' as const], expiresInDays: 1 };
    const { keyId, apiKey: key } = await createApiKey(deps, south.actor('admin'), form);
    expect((await call(echo, { key, body: { word: 'a' } })).status).toBe(200);
    deps.advance(25 * 3_600_000);
    expect((await call(echo, { key, body: { word: 'a' } })).status).toBe(401);
    deps.advance(-25 * 3_600_000);
    await revokeApiKey(deps, south.actor('admin'), keyId);
    await until(async () => (await call(echo, { key, body: { word: 'a' } })).status === 401, {
      timeoutMs: 1_000,
    });
  });
});
