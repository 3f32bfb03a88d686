import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { inputWith } from '@/server/api/testing/candidate-inputs';
import { fillEveryTable, MARK, NAME } from '@/server/api/testing/workspace-rows';
import { API_SCOPES, shardsOf } from '@/server/identity';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import { type TestRest, testRest } from './rest-fixture';
import { REST_ROUTES } from './routes';

let rest: TestRest;

beforeAll(async () => {
  rest = await testRest();
});

describe('every operation', () => {
  it.each(
    REST_ROUTES.map((route) => [`${route.definition.method} ${route.definition.path}`, route] as const),
  )('%s wants a key with its scope', async (_name, route) => {
    const none = await rest.call(route, { key: null, body: {} });
    expect(none.status).toBe(401);
    expect(none.headers.get('content-type')).toBe('application/problem+json');
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await rest.call(route, { key: 'mk_made_up', body: {} })).status).toBe(401);
    const others = API_SCOPES.filter((scope) => scope !== route.definition.scope);
    const refused = await rest.call(route, { key: await rest.keyWith(others), body: {} });
    expect(refused.status).toBe(403);
  });

  it.each(
    REST_ROUTES.map((route) => [`${route.definition.method} ${route.definition.path}`, route] as const),
  )('%s gives nothing of another workspace', async (_name, route) => {
    for (const name of names) {
      const params = textsOf(route.definition.params, name);
      const query = new URLSearchParams(textsOf(route.definition.query, name));
      const body = route.definition.body === undefined ? undefined : inputWith(route.definition.body, name);
      const text = await (await rest.call(route, { params, query: `?${query}`, body })).text();
      expect(text.includes(MARK), text).toBe(false);
    }
  });

  const names: string[] = [];
  beforeAll(async () => {
    const north = await testWorkspace(rest.deps, 'north');
    const [shard] = await shardsOf(rest.deps, north.workspaceId);
    const known = { userId: north.actor('agent').userId, shardId: shard?.shardId ?? 0 };
    names.push(...(await fillEveryTable(rest.deps, north.workspaceId, known)));
    names.push(`${NAME}-customer`, `${NAME}-message_id`, `${NAME}-from_key`);
  });
});

function textsOf(schema: z.ZodType | undefined, text: string): Record<string, string> {
  if (schema === undefined) return {};
  const input = inputWith(schema, text) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
}
