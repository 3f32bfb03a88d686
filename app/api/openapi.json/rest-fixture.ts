import { mountRest } from '@/server/api/rest';
import { provideConsole } from '@/server/api/testing/provide-console';
import { API_SCOPES, type ApiScope, type RestRoute } from '@/server/identity';
import { createApiKey } from '@/server/identity/api-keys.service';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { REST_ROUTES } from './routes';

/** A request; without a `key` it is sent with one of every scope, with null without any. */
interface RestRequest {
  params?: Record<string, string>;
  query?: string;
  key?: string | null;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A workspace on stores of the test file's own, and its calls of the interface. */
export type TestRest = Awaited<ReturnType<typeof testRest>>;

export async function testRest() {
  const deps = await testDeps();
  const south = await testWorkspace(deps, 'south');
  provideConsole(deps);
  const keyWith = async (scopes: ApiScope[]): Promise<string> => {
    const form = { name: 'test', scopes, expiresInDays: null };
    return (await createApiKey(deps, south.actor('admin'), form)).apiKey;
  };
  const apiKey = await keyWith([...API_SCOPES]);
  const call = (
    route: RestRoute,
    { params = {}, query = '', key = apiKey, headers = {}, body }: RestRequest = {},
  ): Promise<Response> => {
    const { method, path } = route.definition;
    const request = new Request(`http://console.test/api/v1${path.replace(/[{}]/g, '')}${query}`, {
      method,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(method === 'GET' || body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
    });
    return mountRest(route)[method](request, { params: Promise.resolve(params) });
  };
  return { deps, south, keyWith, call };
}

/** Sent as it is: text, or bytes that need not be text. */
function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array;
}

export function routeOf(path: string, method = 'GET'): RestRoute {
  const found = REST_ROUTES.find(
    ({ definition }) => definition.path === path && definition.method === method,
  );
  if (!found) throw new Error(`no operation ${method} ${path}`);
  return found;
}
