import type { Redis } from 'ioredis';
import type { ChainHead } from './audit-chain';

const anchorKey = (workspaceId: string): string => `audit:head:${workspaceId}`;

/** Heads kept beside the newest: the last ones, and of those before them every so many for good. */
const KEPT_LAST = 200;
const KEPT_EVERY = 100;

/**
 * Moves the anchor forward only: two writers may come here in another order than their transactions ended. A number that
 * comes a second time with another hash was cut off and given again: that is noted for good, because the chain itself
 * holds from then on.
 *
 * KEYS: 1 anchor · ARGV: 1 number · 2 hash · 3 how many are kept · 4 every how many for good
 */
const MOVE_FORWARD = `
local seq, old = tonumber(ARGV[1]), tonumber(ARGV[1]) - tonumber(ARGV[3])
local known = redis.call('HGET', KEYS[1], 'h:' .. ARGV[1])
if known and known ~= ARGV[2] then redis.call('HSETNX', KEYS[1], 'fork', ARGV[1]) end
redis.call('HSETNX', KEYS[1], 'h:' .. ARGV[1], ARGV[2])
if old > 0 and old % tonumber(ARGV[4]) ~= 0 then redis.call('HDEL', KEYS[1], 'h:' .. old) end
if seq > tonumber(redis.call('HGET', KEYS[1], 'seq') or '0') then
  redis.call('HSET', KEYS[1], 'seq', ARGV[1], 'hash', ARGV[2])
end
return 1`;

export async function writeAnchor(redis: Redis, workspaceId: string, head: ChainHead): Promise<void> {
  await redis.eval(MOVE_FORWARD, 1, anchorKey(workspaceId), head.seq, head.hash, KEPT_LAST, KEPT_EVERY);
}

/** What is known of a chain outside Postgres. */
export interface Anchor extends ChainHead {
  /** hashes of entries that were once the head, by number */
  heads: ReadonlyMap<number, string>;
  /** the first number that was seen with two hashes; null when there is none */
  fork: number | null;
}

export async function readAnchor(redis: Redis, workspaceId: string): Promise<Anchor | null> {
  const { seq, hash, fork, ...rest } = await redis.hgetall(anchorKey(workspaceId));
  if (seq === undefined || hash === undefined) return null;
  const heads = new Map(Object.entries(rest).map(([name, kept]) => [Number(name.slice('h:'.length)), kept]));
  heads.set(Number(seq), hash);
  return { seq: Number(seq), hash, heads, fork: fork === undefined ? null : Number(fork) };
}
