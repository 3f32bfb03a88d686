import type { IncomingMessage, ServerResponse } from 'node:http';
import { originForm } from '@/server/core/request-target';

/** Media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Answers a plain Node request with JSON or text. */
export function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

/** Path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return originForm(request.url ?? '/').split('?', 1)[0] ?? '/';
}
