import type { Redis } from 'ioredis';

/** A process that has said nothing for so long, ms, is not read any more. */
const GONE_MS = 10_000;

/** Of one operator, since its process began, on the events that were followed. */
export interface OperatorTotals {
  /** followed events that came to it */
  events: number;
  /** ms it had them in hand */
  ms: number;
  /** records at which it threw: of all, not of a sample */
  errors: number;
}

/** What one process measured of a shard's operators. */
export interface OperatorStanding {
  /** ms */
  at: number;
  /** events followed in all */
  followed: number;
  operators: Record<string, OperatorTotals>;
}

const indexKey = (shardId: number) => `operators:${shardId}`;
const standingKey = (shardId: number, process: string) => `operators:${shardId}:${process}`;

/** Says what a process measured: one write a shard. */
export async function writeOperators(
  queueRedis: Redis,
  process: string,
  standings: readonly (readonly [shardId: number, OperatorStanding])[],
): Promise<void> {
  if (standings.length === 0) return;
  const pipeline = queueRedis.pipeline();
  for (const [shardId, standing] of standings) {
    pipeline.set(standingKey(shardId, process), JSON.stringify(standing), 'PX', GONE_MS);
    pipeline.zadd(indexKey(shardId), standing.at, process);
    pipeline.zremrangebyscore(indexKey(shardId), '-inf', standing.at - 6 * GONE_MS);
    pipeline.pexpire(indexKey(shardId), 6 * GONE_MS);
  }
  await pipeline.exec();
}

/** What every live process measured of a shard's operators, by process. */
export async function readOperators(
  queueRedis: Redis,
  shardId: number,
): Promise<Map<string, OperatorStanding>> {
  const names = await queueRedis.zrange(indexKey(shardId), '0', '-1');
  const found = new Map<string, OperatorStanding>();
  if (names.length === 0) return found;
  const texts = await queueRedis.mget(names.map((name) => standingKey(shardId, name)));
  names.forEach((name, index) => {
    const text = texts[index];
    if (typeof text === 'string') found.set(name, JSON.parse(text) as OperatorStanding);
  });
  return found;
}
