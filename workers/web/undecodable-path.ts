import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '@/server/core/fault';
import { problemOf } from '@/server/identity';
import { answer, PROBLEM_TYPE, pathOf } from '@/server/platform/http';

const WHAT_IS_WRONG = 'The address cannot be decoded: a % in it is not followed by a byte of UTF-8.';

/**
 * Answers a request whose path is no percent-encoded UTF-8: Next would take it for a failure of its own.
 * @returns whether it was one
 */
export function refuseUndecodable(request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request);
  if (isDecodable(path)) return false;
  if (!/^\/api(\/|$)/.test(path)) {
    answer(response, 400, 'text/plain; charset=utf-8', `${WHAT_IS_WRONG}\n`);
    return true;
  }
  const fields = [{ field: 'path', reason: 'cannot be decoded' }];
  const problem = problemOf(new Fault('bad_request', WHAT_IS_WRONG, { fields }));
  answer(response, problem.status, PROBLEM_TYPE, JSON.stringify(problem));
  return true;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
