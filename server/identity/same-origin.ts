import { Fault } from '@/server/core/fault';

/**
 * Whether a request that may change something comes from a page of the host it is sent to, or of the public address
 * where a proxy changes the host. Browsers always say where such a request comes from; programs need not.
 */
export function isSameOrigin(headers: Headers, publicUrl?: string): boolean {
  const origin = headers.get('origin');
  if (origin === null) {
    const site = headers.get('sec-fetch-site');
    return site === null || site === 'same-origin' || site === 'none';
  }
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true;
  const host = headers.get('host');
  return host !== null && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** @throws Fault `forbidden` for a request that another site sent */
export function assertSameOrigin(headers: Headers, publicUrl?: string): void {
  if (!isSameOrigin(headers, publicUrl))
    throw new Fault('forbidden', 'This request came from another site and was refused.');
}
