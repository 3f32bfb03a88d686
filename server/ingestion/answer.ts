import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal';

/** What browsers need to be allowed to send from any page: the write key is no secret there. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
} as const;

export interface RefusedEvent {
  /** place in the request, from 0 */
  index: number;
  refusal: Refusal;
}

export interface Answer {
  status: number;
  body: string;
  contentType: 'application/json' | 'application/problem+json';
  retryAfterSeconds?: number;
  /** methods the path takes, when it was another */
  allow?: string;
}

/** All taken, or some: 200, with the refused ones by index. */
export function taken(accepted: number, refused: readonly RefusedEvent[]): Answer {
  const list =
    refused.length === 0
      ? '[]'
      : JSON.stringify(
          refused.map(({ index, refusal }) => ({
            index,
            reason: refusal.reason,
            field: refusal.field,
            detail: refusal.detail,
          })),
        );
  return {
    status: 200,
    body: `{"success":true,"accepted":${accepted},"refused":${list}}`,
    contentType: 'application/json',
  };
}

/** None taken: every bad event by index, field and reason. */
export function allRefused(refused: readonly RefusedEvent[]): Answer {
  const [first] = refused;
  const detail =
    refused.length === 1 && first
      ? `${first.refusal.field === '' ? 'The event' : first.refusal.field}: ${first.refusal.detail}`
      : `None of the ${refused.length} events was taken.`;
  return problem(400, 'Refused', detail, noneTaken(refused));
}

/**
 * A body with more events than one request may hold, or with a context too large for all of them, is too large as a
 * whole, like one of too many bytes. It is no dead letter: none could keep it to be sent again, so it stays with its sender.
 */
export function wholeTooLarge(refusal: Refusal): Answer {
  const detail = `${refusal.field === '' ? 'The batch' : refusal.field}: ${refusal.detail}`;
  return problem(413, 'Too large', detail, noneTaken([{ index: 0, refusal }]));
}

function noneTaken(refused: readonly RefusedEvent[]): Record<string, unknown> {
  const errors = refused.map(({ index, refusal }) => ({
    index,
    field: refusal.field,
    reason: refusal.reason,
    detail: refusal.detail,
  }));
  return { success: false, accepted: 0, errors, refused: errors };
}

/** An RFC 9457 answer. */
export function problem(
  status: number,
  title: string,
  detail: string,
  extensions: Record<string, unknown> = {},
  retryAfterSeconds?: number,
): Answer {
  return {
    status,
    body: JSON.stringify({ type: 'about:blank', title, status, detail, ...extensions }),
    contentType: 'application/problem+json',
    retryAfterSeconds,
  };
}

/** What a path answers to another method than its own. */
export function wrongMethod(method: 'GET' | 'POST'): Answer {
  const answer = problem(405, 'Method not allowed', `Use ${method} here.`);
  return { ...answer, allow: method === 'GET' ? 'GET, HEAD, OPTIONS' : 'POST, OPTIONS' };
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const headers: Record<string, string | number> = {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    ...CORS,
  };
  if (answer.retryAfterSeconds !== undefined) headers['retry-after'] = answer.retryAfterSeconds;
  if (answer.allow !== undefined) headers.allow = answer.allow;
  if (answer.status === 401) headers['www-authenticate'] = challengeOf(response.req);
  // The rest of a body that was not read must not be taken for the next request.
  if (answer.status === 413 || answer.status === 408) headers.connection = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

/**
 * The ways to send a write key. Programs that send user and password only when asked for them (wget, Python's urllib)
 * are asked. Browsers are not: they would ask the shop's customer.
 */
function challengeOf({ headers }: IncomingMessage): string {
  const bearer = 'Bearer realm="Millrace"';
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-mode'] !== undefined;
  return isBrowser ? bearer : `Basic realm="Millrace", charset="UTF-8", ${bearer}`;
}

export function sendPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    ...CORS,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': '*, authorization, content-type, content-encoding',
    'access-control-max-age': '86400',
  });
  response.end();
}
