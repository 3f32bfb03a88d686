import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Headers that every answer of the console carries. Scripts run only from this origin, or inline with the nonce of
 * their own answer: Next reads it from the request's policy, the layout from `x-nonce`. Styles may stand inline,
 * because React and Mantine set them as attributes.
 */
export function secure(
  request: IncomingMessage,
  response: ServerResponse,
  options: { dev: boolean; tls: boolean },
): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, socketOrigins(request.headers.host), options.dev);
  request.headers['content-security-policy'] = policy;
  request.headers['x-nonce'] = nonce;
  response.setHeader('X-Content-Type-Options', 'nosniff');
  // The rest speaks to documents. On the two dozen scripts and styles of a first load it would weigh 20 kB.
  if (!options.dev && request.url?.startsWith('/_next/static/')) return;
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()');
  if (options.tls) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
}

/** Some browsers do not count the socket's scheme as 'self': it is named. */
function socketOrigins(host: string | undefined): string {
  if (!host || !/^[\w.:[\]-]{1,255}$/.test(host)) return '';
  return ` ws://${host} wss://${host}`;
}

export function contentSecurityPolicy(nonce: string, sockets: string, dev: boolean): string {
  const directives = [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self' data:`,
    `connect-src 'self'${sockets}`,
    `worker-src 'self' blob:`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ];
  return directives.join('; ');
}
