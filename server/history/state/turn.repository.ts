import { randomUUID } from 'node:crypto';
import type { Deps } from '@/server/platform/deps';

/** Gives the turn back if it is still ours. KEYS 1 turn; ARGV 1 token */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * Runs what one process at a time may do, whichever comes first; a process that dies lets go after `limitMs`.
 * @returns null when somebody else is at it
 */
export async function takeTurn<T>(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  name: string,
  limitMs: number,
  use: () => Promise<T>,
): Promise<T | null> {
  const key = `turn:${name}`;
  const token = randomUUID();
  if ((await queueRedis.set(key, token, 'PX', limitMs, 'NX')) === null) return null;
  try {
    return await use();
  } finally {
    await queueRedis.eval(RELEASE, 1, key, token).catch(() => undefined);
  }
}
