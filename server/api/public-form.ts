import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { z } from 'zod';
import { Fault } from '@/server/core/fault';
import { assertKeepable, assertSameOrigin, boundedText, faultOf, problemResponse } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { consoleLogger } from './console-logger';
import { consoleParts } from './context';

const MAX_BYTES = 16 * 1024;

/** Forms that need no sign-in are rare: this many a minute from everywhere together. */
const limiter = new RateLimiterMemory({ points: 120, duration: 60 });

/**
 * Answers a form that works before anyone is signed in (set-up, invitation, password reset): taken from our own pages
 * only, small, counted, and parsed before it is used.
 */
export function publicForm<T>(schema: z.ZodType<T>, use: (deps: Deps, form: T) => Promise<unknown>) {
  return async (request: Request): Promise<Response> => {
    try {
      assertSameOrigin(request.headers, consoleParts().publicUrl);
      await countForm();
      const sent = await jsonOf(request);
      assertKeepable(sent);
      const form = schema.parse(sent);
      return Response.json((await use(consoleParts().deps, form)) ?? {}, {
        headers: { 'cache-control': 'no-store' },
      });
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault.code === 'internal') consoleLogger().error({ error: fault.cause ?? fault }, 'A form failed');
      return problemResponse(fault);
    }
  };
}

async function countForm(): Promise<void> {
  try {
    await limiter.consume('forms');
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    throw new Fault('rate_limited', 'Too many forms at once. Please wait a minute.');
  }
}

async function jsonOf(request: Request): Promise<unknown> {
  const text = await boundedText(request, MAX_BYTES);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('bad_request', 'The form could not be read.', { cause });
  }
}
