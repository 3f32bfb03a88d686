import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { unknownOperation } from '@/server/api/rest';
import { Fault } from '@/server/core/fault';
import { restRoute } from '@/server/identity';
import { createApiKey, revokeApiKey } from '@/server/identity/api-keys.service';
import { until } from '@/server/platform/until';
import { type TestRest, testRest } from './rest-fixture';

let rest: TestRest;

beforeAll(async () => {
  rest = await testRest();
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
    const response = await rest.call(echo, { body: { word: 'a' } });
    expect(await response.json()).toMatchObject({ word: 'a', limit: 1, workspaceId: rest.south.workspaceId });
    expect(response.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/);
    expect(response.headers.get('ratelimit-policy')).toMatch(/^"key";q=\d+;w=60$/);
  });

  it('says by field what is wrong, and nothing of what broke inside', async () => {
    const wrong = await rest.call(echo, { query: '?limit=9', body: { word: 'a' } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
    expect((await rest.call(echo, { body: '{' })).status).toBe(400);
    expect((await rest.call(echo, { body: { word: 'a', more: 1 } })).status).toBe(400);
    expect((await rest.call(echo, { query: '?limit=1&limit=2', body: { word: 'a' } })).status).toBe(400);
    expect((await rest.call(echo, { body: { word: 'x'.repeat(70_000) } })).status).toBe(413);
    expect((await rest.call(echo, { body: { word: 'fault' } })).status).toBe(409);
    const crash = await rest.call(echo, { body: { word: 'crash' } });
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
      expect(await (await rest.call(named, { params: { key } })).json()).toEqual({ key });
    }
    const inPath = await rest.call(named, { params: { key: 'a\0' } });
    const inQuery = await rest.call(named, { params: { key: 'a' }, query: '?word=%00' });
    expect([inPath.status, inQuery.status]).toEqual([400, 400]);
    expect(await inPath.json()).toMatchObject({ errors: [{ field: 'key' }] });
    expect(await inQuery.json()).toMatchObject({ errors: [{ field: 'word' }] });
  });

  it('runs a POST with an Idempotency-Key once', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await (await rest.call(echo, { headers, body: { word: 'b' } })).json();
    const again = await rest.call(echo, { headers, body: { word: 'b' } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(first);
    expect((await rest.call(echo, { headers, body: { word: 'other' } })).status).toBe(400);
    // A failure is not kept: the next try runs.
    const failing = { 'idempotency-key': 'k2' };
    expect((await rest.call(echo, { headers: failing, body: { word: 'fault' } })).status).toBe(409);
    const before = runs;
    await rest.call(echo, { headers: failing, body: { word: 'fault' } });
    expect(runs).toBe(before + 1);
  });

  it('refuses a revoked key at once and an expired one when its time comes', async () => {
    const form = { name: 'short', scopes: ['metrics:read' as const], expiresInDays: 1 };
    const { keyId, apiKey: key } = await createApiKey(rest.deps, rest.south.actor('admin'), form);
    expect((await rest.call(echo, { key, body: { word: 'a' } })).status).toBe(200);
    rest.deps.advance(25 * 3_600_000);
    expect((await rest.call(echo, { key, body: { word: 'a' } })).status).toBe(401);
    rest.deps.advance(-25 * 3_600_000);
    await revokeApiKey(rest.deps, rest.south.actor('admin'), keyId);
    // The clock stands before the key was last read: only the word of it, never age, makes it be read again.
    await until(async () => (await rest.call(echo, { key, body: { word: 'a' } })).status === 401);
  });
});
