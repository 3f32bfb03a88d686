import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault, type FaultCode } from '@/server/core/fault';

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json';

const STATUS: Record<FaultCode, { status: number; title: string }> = {
  bad_request: { status: 400, title: 'Bad request' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  too_large: { status: 413, title: 'Too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available at the moment' },
  internal: { status: 500, title: 'Something went wrong here' },
};

/** The HTTP answer for an error. What is not a `Fault` says nothing of itself. */
export function problemOf(error: unknown, extensions: Record<string, unknown> = {}): Problem {
  const fault = error instanceof Fault ? error : new Fault('internal', STATUS.internal.title);
  const { status, title } = STATUS[fault.code];
  return {
    type: 'about:blank',
    title,
    status,
    ...(fault.publicMessage === title ? {} : { detail: fault.publicMessage }),
    ...(fault.fields.length > 0 ? { errors: fault.fields } : {}),
    ...extensions,
  };
}

/** The same as a fetch `Response`, for route handlers. */
export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
  });
}

/** Answers a plain Node request with JSON or text. */
export function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

/** Path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
