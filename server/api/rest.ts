import { Fault } from '@/server/core/fault';
import {
  authenticateApiKey,
  boundedText,
  faultOf,
  type KeyActor,
  MAX_BODY_BYTES,
  problemResponse,
  type RestRoute,
} from '@/server/identity';
import { consoleLogger } from './console-logger';
import { consoleParts } from './context';
import { idempotently } from './idempotency';
import { countRequest } from './rate-limit';

type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> };
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

type Method = 'DELETE' | 'GET' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT';

/**
 * An operation at its address, as Next wants it, method by method: to others than its own Next would say neither in the
 * form of RFC 9457 nor in `Allow` what there is. (HEAD it makes of GET by itself.)
 */
export function mountRest(route: RestRoute): Record<Method, Handler> {
  const { method } = route.definition;
  const allow = method === 'GET' ? 'GET, HEAD, OPTIONS' : `OPTIONS, ${method}`;
  const refuse = async () =>
    problemResponse(new Fault('method_not_allowed', `Use ${method} here.`), { allow });
  const tell = async () => new Response(null, { status: 204, headers: { allow } });
  const others = { DELETE: refuse, GET: refuse, OPTIONS: tell, PATCH: refuse, POST: refuse, PUT: refuse };
  return { ...others, [method]: operation(route) };
}

/** Authenticates the program, counts it, runs the operation, and answers failures as RFC 9457. */
function operation(route: RestRoute): Handler {
  return async (request: Request, context: RouteContext): Promise<Response> => {
    const limits: Record<string, string> = {};
    try {
      const { deps } = consoleParts();
      const actor = await programOf(request);
      Object.assign(limits, await countRequest(actor.keyId));
      const params = textParams(await context.params);
      const bodyText = route.definition.body === undefined ? '' : await boundedText(request, MAX_BODY_BYTES);
      const response = await idempotently({ deps, actor, request, bodyText }, () =>
        route.run({ actor, deps, request, params, bodyText }),
      );
      for (const [name, value] of Object.entries(limits)) response.headers.set(name, value);
      return response;
    } catch (thrown) {
      return failure(thrown, route, limits);
    }
  };
}

async function programOf(request: Request): Promise<KeyActor> {
  const [scheme, key] = (request.headers.get('authorization') ?? '').split(/ +/, 2);
  const actor =
    scheme?.toLowerCase() === 'bearer' && key
      ? await authenticateApiKey(consoleParts().deps, key.trim())
      : null;
  if (actor === null)
    throw new Fault('unauthenticated', 'Send a valid API key as "Authorization: Bearer <key>".');
  return actor;
}

/** Parameters as Next hands them over, decoded. Routes without parameters are given none at all. */
function textParams(
  params: Record<string, string | string[] | undefined> | undefined,
): Record<string, string> {
  const entries = Object.entries(params ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

function failure(thrown: unknown, route: RestRoute, limits: Record<string, string>): Response {
  const fault = faultOf(thrown);
  if (fault.code === 'internal') {
    consoleLogger().error(
      { error: fault.cause ?? fault, operation: route.definition.path },
      'An operation failed',
    );
  }
  const headers: Record<string, string> = { ...limits };
  if (fault.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="Millrace"';
  if (fault.code === 'unavailable' || fault.code === 'rate_limited') headers['retry-after'] ??= '1';
  return problemResponse(fault, headers);
}

/** Answers `/api/v1` and whatever is below it that is no operation. */
export function unknownOperation(): Response {
  return problemResponse(
    new Fault('not_found', 'There is no such operation; /api/openapi.json lists them all.'),
  );
}
