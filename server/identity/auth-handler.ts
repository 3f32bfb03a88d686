import type { Auth } from './auth';
import { faultOf, problemResponse } from './fault-mapping';
import { assertSameOrigin } from './same-origin';

/** Answers `/api/auth/*`; what another site sent is refused before it is read. */
export async function handleAuth(
  auth: Pick<Auth, 'handler'>,
  request: Request,
  publicUrl?: string,
): Promise<Response> {
  try {
    if (request.method !== 'GET') assertSameOrigin(request.headers, publicUrl);
  } catch (thrown) {
    return problemResponse(faultOf(thrown));
  }
  return auth.handler(request);
}
