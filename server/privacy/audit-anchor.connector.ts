import type { Redis } from 'ioredis';
import type { ChainHead } from './audit-chain';

const anchorKey = (workspaceId: string): string => `audit:head:${workspaceId}`;

/** Moves the anchor forward only: two writers may come here in another order than their transactions ended. */
const MOVE_FORWARD = `
local seq = tonumber(redis.call('HGET', KEYS[1], 'seq') or '0')
if tonumber(ARGV[1]) > seq then redis.call('HSET', KEYS[1], 'seq', ARGV[1], 'hash', ARGV[2]) end
return 1`;

export async function writeAnchor(redis: Redis, workspaceId: string, head: ChainHead): Promise<void> {
  await redis.eval(MOVE_FORWARD, 1, anchorKey(workspaceId), head.seq, head.hash);
}

export async function readAnchor(redis: Redis, workspaceId: string): Promise<ChainHead | null> {
  const { seq, hash } = await redis.hgetall(anchorKey(workspaceId));
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash };
}
