import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Fault } from '@/server/core/fault';
import { assertSameOrigin, boundedRequest, faultOf, problemResponse } from '@/server/identity';
import { consoleLogger } from './console-logger';
import { consoleParts } from './context';
import { appRouter } from './root';

/** Calls in one request: a page may load all its parts at once, nobody may send thousands. */
export const MAX_BATCH = 10;
/** Largest body of a call or batch, in bytes. */
const MAX_BYTES = 512 * 1024;

/** Answers `/api/trpc`: one query or mutation, or a batch of at most ten. */
export async function handleTrpc(request: Request): Promise<Response> {
  const parts = consoleParts();
  let bounded: Request;
  try {
    assertAcceptable(request, parts.publicUrl);
    bounded = await boundedRequest(request, MAX_BYTES);
  } catch (thrown) {
    return problemResponse(faultOf(thrown));
  }
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: bounded,
    router: appRouter,
    maxBatchSize: MAX_BATCH,
    createContext: async () => ({
      actor: await parts.sessions.fromHeaders(request.headers),
      deps: parts.deps,
    }),
    onError({ error, path }) {
      const fault = faultOf(error);
      if (fault.code === 'internal') {
        consoleLogger().error({ error: fault.cause ?? fault, procedure: path }, 'A procedure failed');
      }
    },
    responseMeta: () => ({ headers: { 'cache-control': 'no-store' } }),
  });
}

function assertAcceptable(request: Request, publicUrl?: string): void {
  const { pathname } = new URL(request.url);
  if (pathname.split(',').length > MAX_BATCH) {
    throw new Fault('too_large', `At most ${MAX_BATCH} calls fit in one request.`);
  }
  if (request.method !== 'GET') assertSameOrigin(request.headers, publicUrl);
}
