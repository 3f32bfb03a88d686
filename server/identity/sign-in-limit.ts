import { APIError } from 'better-auth/api';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { hashToken } from './secret-token';

const MAX_TRIES = 10;
const WINDOW_SECONDS = 300;
const TOO_MANY = 'Too many wrong passwords for this address. Please wait five minutes.';

type Counter = Pick<Deps, 'queueRedis'>;

/** Counts wrong passwords by person, not by address: an address can be made up, the person guessed at cannot. */
const counterOf = (email: string) => `signin:failed:${hashToken(email.trim().toLowerCase())}`;

/**
 * Counts a try as if the password were wrong, before it is looked at: of many at once, each sees those before it.
 * @returns whether there was one left
 */
async function countTry({ queueRedis }: Counter, email: string): Promise<boolean> {
  const counter = counterOf(email);
  const replies = await queueRedis.multi().incr(counter).expire(counter, WINDOW_SECONDS, 'NX').exec();
  return Number(replies?.[0]?.[1] ?? Number.POSITIVE_INFINITY) <= MAX_TRIES;
}

/** @throws APIError 429 after ten wrong passwords for this address within five minutes */
export async function assertMayTry(deps: Counter, email: string): Promise<void> {
  if (await countTry(deps, email)) return;
  throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_MANY_FAILURES', message: TOO_MANY });
}

/** The password was right: the person begins anew. */
export async function forgetTries({ queueRedis }: Counter, email: string): Promise<void> {
  await queueRedis.del(counterOf(email));
}

/**
 * Lets a guess at a password through under the same count as sign-in.
 * @throws Fault `rate_limited` after too many, `unauthenticated` when it was wrong
 */
export async function assertMayGuess(
  deps: Counter,
  email: string,
  isRight: () => Promise<boolean>,
): Promise<void> {
  if (!(await countTry(deps, email))) throw new Fault('rate_limited', TOO_MANY);
  if (!(await isRight())) throw new Fault('unauthenticated', 'The password is wrong.');
  await forgetTries(deps, email);
}
