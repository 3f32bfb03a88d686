import { boundedRequest, isSameOrigin } from '@/server/identity';
import { consoleParts } from './context';

/** Address and password, and all that a browser may wrap around them. */
const MAX_BYTES = 16 * 1024;

/**
 * The sign-in form as browsers send it by themselves, before or without the page's script: the same sign-in, answered
 * by going to the next page.
 */
export async function signInByForm(request: Request): Promise<Response> {
  if (!isSameOrigin(request.headers, consoleParts().publicUrl)) return goTo('/sign-in?error=refused');
  const form = await formOf(request).catch(() => new FormData());
  const headers = new Headers(request.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const answer = await consoleParts().auth.handler(
    new Request(new URL('/api/auth/sign-in/email', request.url), {
      method: 'POST',
      headers,
      body: JSON.stringify({ email: textOf(form, 'email'), password: textOf(form, 'password') }),
    }),
  );
  if (!answer.ok) return goTo(`/sign-in?error=${whyNot(answer.status)}`);
  const body: unknown = await answer.clone().json();
  const needsCode = typeof body === 'object' && body !== null && 'twoFactorRedirect' in body;
  const response = goTo(needsCode ? '/sign-in?step=code' : '/');
  for (const cookie of answer.headers.getSetCookie()) response.headers.append('set-cookie', cookie);
  return response;
}

function whyNot(status: number): string {
  if (status >= 500) return 'unavailable';
  return status === 429 ? 'waiting' : 'wrong';
}

async function formOf(request: Request): Promise<FormData> {
  return (await boundedRequest(request, MAX_BYTES)).formData();
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** A relative address: the server cannot know by what name the browser reached it. */
function goTo(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
}
