import type { OwnProduct } from '../own-product';

/** The ways to opt a customer out, as programs and people use them. */

/** Opts a customer out. @throws when it is not acknowledged */
export type OptOut = (customer: string) => Promise<void>;

function postOptOut(product: OwnProduct, customer: string): Promise<Response> {
  return fetch(`${product.consoleUrl}/api/v1/opt-outs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${product.keys.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer, reason: 'asked by mail' }),
  });
}

export function optOutByRest(product: OwnProduct): OptOut {
  return async (customer) => {
    const response = await postOptOut(product, customer);
    const answer = (await response.json()) as { acknowledgedAt?: string };
    if (!response.ok || !answer.acknowledgedAt)
      throw new Error(`opt-out not acknowledged: ${response.status}`);
  };
}

/** Asks by REST, whatever comes of it. */
export async function askToOptOut(
  product: OwnProduct,
  customer: string,
): Promise<{ status: number; retryAfter: string | null }> {
  const response = await postOptOut(product, customer);
  await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** Signs a person of the demo in. @returns the cookies of the session */
export async function signIn(product: OwnProduct, role: string): Promise<string> {
  const response = await fetch(`${product.consoleUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.consoleUrl },
    body: JSON.stringify({ email: `${role}@demo.millrace`, password: product.keys.password }),
  });
  if (!response.ok) throw new Error(`sign-in of ${role}: ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

/** The console's own call, as its screens make it. */
export function optOutInConsole(product: OwnProduct, cookie: string): OptOut {
  return async (customer) => {
    const response = await fetch(`${product.consoleUrl}/api/trpc/privacy.optOut`, {
      method: 'POST',
      headers: { cookie, origin: product.consoleUrl, 'content-type': 'application/json' },
      body: JSON.stringify({ customer, reason: 'asked on the phone' }),
    });
    const answer = (await response.json()) as { result?: { data?: { acknowledgedAt?: string } } };
    if (!answer.result?.data?.acknowledgedAt)
      throw new Error(`opt-out in the console not acknowledged: ${response.status}`);
  };
}

interface AuditPage {
  result: { data: { rows: { action: string; actorId: string; at: string; reason: string | null }[] } };
}

/** How many of the newest entries of the audit are opt-outs that say who, when and why. */
export async function auditedOptOuts(product: OwnProduct, limit: number): Promise<number> {
  const cookie = await signIn(product, 'privacy');
  let cursor: number | undefined;
  let found = 0;
  do {
    const input = { action: 'customer.optedOut', limit: Math.min(100, limit), ...(cursor ? { cursor } : {}) };
    const response = await fetch(
      `${product.consoleUrl}/api/trpc/privacy.audit?input=${encodeURIComponent(JSON.stringify(input))}`,
      { headers: { cookie } },
    );
    if (!response.ok) throw new Error(`audit: ${response.status}`);
    const { rows, nextCursor } = (
      (await response.json()) as AuditPage & { result: { data: { nextCursor: number | null } } }
    ).result.data;
    found += rows.filter(({ actorId, at, reason }) => actorId && at && reason).length;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
