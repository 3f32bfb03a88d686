import { Fault } from '@/server/core/fault';

/**
 * Whether a request that may change something comes from a page of the host it is sent to. Browsers always say where
 * such a request comes from; programs need not.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin === null) {
    const site = headers.get('sec-fetch-site');
    return site === null || site === 'same-origin' || site === 'none';
  }
  const host = headers.get('host');
  return host !== null && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** @throws Fault `forbidden` for a request that another site sent */
export function assertSameOrigin(headers: Headers): void {
  if (!isSameOrigin(headers))
    throw new Fault('forbidden', 'This request came from another site and was refused.');
}
