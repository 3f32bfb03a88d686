import { APIError } from 'better-auth/api';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { hashToken } from './secret-token';

const MAX_FAILURES = 10;
const WINDOW_SECONDS = 300;

/** Counts wrong passwords by person, not by address: an address can be made up, the person guessed at cannot. */
const counterOf = (email: string) => `signin:failed:${hashToken(email.trim().toLowerCase())}`;

/** @throws APIError 429 after ten wrong passwords for this address within five minutes */
export async function assertMayTry(deps: Pick<Deps, 'queueRedis'>, email: string): Promise<void> {
  const failures = Number(await deps.queueRedis.get(counterOf(email)));
  if (failures < MAX_FAILURES) return;
  throw new APIError('TOO_MANY_REQUESTS', {
    code: 'TOO_MANY_FAILURES',
    message: 'Too many wrong passwords for this address. Please wait five minutes.',
  });
}

export async function noteFailure(deps: Pick<Deps, 'queueRedis'>, email: string): Promise<void> {
  await deps.queueRedis.multi().incr(counterOf(email)).expire(counterOf(email), WINDOW_SECONDS, 'NX').exec();
}

export async function forgetFailures(deps: Pick<Deps, 'queueRedis'>, email: string): Promise<void> {
  await deps.queueRedis.del(counterOf(email));
}

/**
 * Lets a guess at a password through under the same count as sign-in.
 * @throws Fault `rate_limited` after too many, `unauthenticated` when it was wrong
 */
export async function assertMayGuess(
  deps: Pick<Deps, 'queueRedis'>,
  email: string,
  isRight: () => Promise<boolean>,
): Promise<void> {
  if (Number(await deps.queueRedis.get(counterOf(email))) >= MAX_FAILURES) {
    throw new Fault('rate_limited', 'Too many wrong passwords for this address. Please wait five minutes.');
  }
  if (await isRight()) return forgetFailures(deps, email);
  await noteFailure(deps, email);
  throw new Fault('unauthenticated', 'The password is wrong.');
}
