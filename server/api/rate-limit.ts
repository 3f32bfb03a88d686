import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Fault } from '@/server/core/fault';

/** Requests of one key in a window: generous to programs, a wall to loops that ran away. */
const QUOTA = 30_000;
const WINDOW_SECONDS = 60;

/** One process serves the console, so its memory is the whole truth. */
const limiter = new RateLimiterMemory({ points: QUOTA, duration: WINDOW_SECONDS });

/**
 * Counts a request of a key and returns the headers that say where it stands.
 * @throws Fault `rate_limited` when the key's quota of the minute is used up
 */
export async function countRequest(keyId: string): Promise<Record<string, string>> {
  try {
    return headersOf(await limiter.consume(keyId));
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    const seconds = Math.ceil(thrown.msBeforeNext / 1000);
    throw new Fault('rate_limited', `More than ${QUOTA} requests in a minute. Try again in ${seconds} s.`);
  }
}

function headersOf({ remainingPoints, msBeforeNext }: RateLimiterRes): Record<string, string> {
  return {
    'ratelimit-policy': `"key";q=${QUOTA};w=${WINDOW_SECONDS}`,
    ratelimit: `"key";r=${remainingPoints};t=${Math.ceil(msBeforeNext / 1000)}`,
  };
}
