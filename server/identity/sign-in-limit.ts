import { setTimeout as pause } from 'node:timers/promises';
import { APIError } from 'better-auth/api';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { hashToken } from './secret-token';

const MAX_FAILURES = 10;
const WINDOW_SECONDS = 300;
/** Tries whose end never came (a process was killed) count no longer than this. */
const OPEN_SECONDS = 30;
/** A try waits for the verdict on those before it: people who share an account may sign in at one moment. */
const WAITS = 100;
const WAIT_MS = 100;
const TOO_MANY = 'Too many wrong passwords for this address. Please wait five minutes.';

type Counter = Pick<Deps, 'queueRedis'>;

/** Counted by person, not by address of the network: that can be made up, the person guessed at cannot. */
const keysOf = (email: string) => {
  const person = hashToken(email.trim().toLowerCase());
  return { failed: `signin:failed:${person}`, open: `signin:open:${person}` };
};

/**
 * Opens a try, counted as if the password were wrong until it is known: of many at once, each sees those before it.
 * @returns `opened`; `wait` where those that are open could yet turn out wrong; `refused` where so many were
 */
async function openTry({ queueRedis }: Counter, email: string): Promise<'opened' | 'wait' | 'refused'> {
  const { failed, open } = keysOf(email);
  const replies = await queueRedis.multi().get(failed).incr(open).expire(open, OPEN_SECONDS).exec();
  const failures = Number(replies?.[0]?.[1] ?? 0);
  if (failures + Number(replies?.[1]?.[1]) <= MAX_FAILURES) return 'opened';
  await queueRedis.decr(open);
  return failures < MAX_FAILURES ? 'wait' : 'refused';
}

/** Ends a try that was opened. The right password lets the person begin anew. */
export async function closeTry({ queueRedis }: Counter, email: string, isRight: boolean): Promise<void> {
  const { failed, open } = keysOf(email);
  const end = queueRedis.multi().decr(open);
  if (isRight) end.del(failed);
  else end.incr(failed).expire(failed, WINDOW_SECONDS, 'NX');
  await end.exec();
}

async function mayTry(deps: Counter, email: string): Promise<boolean> {
  for (let waits = 0; waits < WAITS; waits += 1) {
    const verdict = await openTry(deps, email);
    if (verdict !== 'wait') return verdict === 'opened';
    await pause(WAIT_MS);
  }
  return false;
}

/**
 * Opens a try at signing in, to be ended by `closeTry`.
 * @throws APIError 429 after ten wrong passwords for this address within five minutes
 */
export async function assertMayTry(deps: Counter, email: string): Promise<void> {
  if (await mayTry(deps, email)) return;
  throw new APIError('TOO_MANY_REQUESTS', { code: 'TOO_MANY_FAILURES', message: TOO_MANY });
}

/**
 * The same for a password asked from somebody who is signed in. `isRight` is asked only when there is a try left.
 * @throws Fault `rate_limited` after too many, `unauthenticated` when it was wrong
 */
export async function assertMayGuess(
  deps: Counter,
  email: string,
  isRight: () => Promise<boolean>,
): Promise<void> {
  if (!(await mayTry(deps, email))) throw new Fault('rate_limited', TOO_MANY);
  const right = await isRight();
  await closeTry(deps, email, right);
  if (!right) throw new Fault('unauthenticated', 'The password is wrong.');
}
