import type { Redis } from 'ioredis';
import { MINUTE_MS } from '@/server/core/durations';
import { valuesOf } from '@/server/core/redis-replies';
import { noReads, type ReadSums } from './store-reads';

/** Longer than any span that is asked for. */
const KEPT_MS = 20 * MINUTE_MS;
const COUNTS = ['hits', 'misses', 'expired', 'failed'] as const;

const keyOf = (workspaceId: string, minute: number) => `storeReads:${workspaceId}:${minute}`;
const minuteOf = (at: number) => Math.floor(at / MINUTE_MS);

/** Adds what a process counted to the minute of every process. */
export async function addReads(
  queueRedis: Redis,
  at: number,
  counted: ReadonlyMap<string, ReadSums>,
): Promise<void> {
  const pipeline = queueRedis.pipeline();
  for (const [workspaceId, sums] of counted) {
    const key = keyOf(workspaceId, minuteOf(at));
    for (const name of COUNTS) if (sums[name] > 0) pipeline.hincrby(key, name, sums[name]);
    for (const [bucket, count] of sums.times.entries())
      if (count > 0) pipeline.hincrby(key, `t${bucket}`, count);
    pipeline.hset(key, 'at', at);
    pipeline.pexpire(key, KEPT_MS);
  }
  valuesOf(await pipeline.exec());
}

/** The minutes that began since then, together, and when the newest of it was told (ms); null: nothing was. */
export async function readsSince(
  queueRedis: Redis,
  workspaceId: string,
  from: number,
  now: number,
): Promise<{ sums: ReadSums; toldAt: number | null }> {
  const pipeline = queueRedis.pipeline();
  for (let minute = Math.ceil(from / MINUTE_MS); minute <= minuteOf(now); minute += 1)
    pipeline.hgetall(keyOf(workspaceId, minute));
  const sums = noReads();
  let toldAt: number | null = null;
  for (const fields of valuesOf(await pipeline.exec()) as Record<string, string>[]) {
    for (const name of COUNTS) sums[name] += Number(fields[name] ?? 0);
    sums.times = sums.times.map((count, bucket) => count + Number(fields[`t${bucket}`] ?? 0));
    if (fields.at !== undefined) toldAt = Math.max(toldAt ?? 0, Number(fields.at));
  }
  return { sums, toldAt };
}
