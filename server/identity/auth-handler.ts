import type { Auth } from './auth';
import { orWhatBroke } from './auth-failure';
import { boundedRequest } from './bounded-body';
import { faultOf, problemResponse } from './fault-mapping';
import { assertSameOrigin } from './same-origin';

/** Largest form of sign-in, in bytes. */
const MAX_BYTES = 16 * 1024;

/** Answers `/api/auth/*`; what another site sent is refused before it is read. */
export async function handleAuth(
  auth: Pick<Auth, 'handler'>,
  request: Request,
  publicUrl?: string,
): Promise<Response> {
  try {
    if (request.method !== 'GET') assertSameOrigin(request.headers, publicUrl);
    const bounded = await boundedRequest(request, MAX_BYTES);
    return await withoutToken(await orWhatBroke(() => auth.handler(bounded)));
  } catch (thrown) {
    return problemResponse(faultOf(thrown));
  }
}

/** The library says the session's token in its answers too; it belongs into the cookie alone, which no script reads. */
async function withoutToken(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.includes('json')) return response;
  const text = await response.text();
  const { status, headers } = response;
  headers.delete('content-length');
  const body = JSON.stringify(JSON.parse(text || 'null'), (name, value) =>
    name === 'token' ? undefined : value,
  );
  return new Response(body, { status, headers });
}
