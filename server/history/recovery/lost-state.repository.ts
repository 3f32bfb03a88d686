import type { Redis } from 'ioredis';
import { deadLetterLogKey, offsetKey, partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { partitionKeys, partitionName, STREAM_START } from '@/server/scaling';
import { DEAD_LETTER_PARTITION } from '../archive-tables';

/** Where the archive stands in one partition. */
export interface ArchivedPartition {
  partition: number;
  log: string;
  out: string;
}

/** Partitions of a shard of which history holds something. */
export async function archivedPartitions(
  { db }: Pick<Deps, 'db'>,
  shardId: number,
): Promise<ArchivedPartition[]> {
  const rows = await db.archiveOffset.findMany({ where: { shardId }, orderBy: { partition: 'asc' } });
  const found = new Map<number, ArchivedPartition>();
  for (const { partition, stream, offset } of rows) {
    if (partition === DEAD_LETTER_PARTITION || (stream !== 'log' && stream !== 'out')) continue;
    const one = found.get(partition) ?? { partition, log: STREAM_START, out: STREAM_START };
    one[stream] = offset;
    found.set(partition, one);
  }
  return [...found.values()].filter(({ log }) => log !== STREAM_START);
}

/** Names of partitions that are being put back: what a recovery that died has left half done. */
const RECOVERING_KEY = 'recovering';

/** Those of the partitions of which the store knows no offset any more, and those that a recovery left half done. */
export async function lostPartitions(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  archived: readonly ArchivedPartition[],
): Promise<ArchivedPartition[]> {
  const halfDone = new Set(await logRedis.smembers(RECOVERING_KEY));
  const pipeline = logRedis.pipeline();
  for (const { partition } of archived) pipeline.exists(offsetKey(shardId, partition, 'main'));
  const replies = (await pipeline.exec()) ?? [];
  return archived.filter(({ partition }, index) => {
    const [error, exists] = replies[index] ?? [new Error('No reply about an offset.'), 0];
    if (error) throw error;
    return exists === 0 || halfDone.has(partitionName(shardId, partition));
  });
}

export async function beginRecovery(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  partitions: readonly number[],
): Promise<void> {
  await logRedis.sadd(RECOVERING_KEY, ...partitions.map((partition) => partitionName(shardId, partition)));
}

export async function endRecovery(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  partitions: readonly number[],
): Promise<void> {
  await logRedis.sadd(partitionsKey(shardId), ...partitions.map(String));
  await logRedis.srem(RECOVERING_KEY, ...partitions.map((partition) => partitionName(shardId, partition)));
}

const AT_ONCE = 200;

export async function runCommands(
  redis: Redis,
  commands: readonly [name: string, ...args: (string | number)[]][],
): Promise<void> {
  for (let from = 0; from < commands.length; from += AT_ONCE) {
    const pipeline = redis.pipeline();
    for (const [name, ...args] of commands.slice(from, from + AT_ONCE)) pipeline.call(name, ...args);
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }
}

/**
 * Numbers of cross-partition records go on above what their targets have applied: the event that made the last ones may
 * be lost while its effect is there, and a number given twice would be taken for a repeat.
 */
export async function raiseSentNumbers(
  redis: Redis,
  shardId: number,
  partitions: readonly number[],
): Promise<void> {
  const reads = redis.pipeline();
  for (const partition of partitions) reads.hgetall(partitionKeys(shardId, partition).inbox);
  for (const partition of partitions) reads.hgetall(partitionKeys(shardId, partition).sent);
  const hashes = ((await reads.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value as Record<string, string>;
  });
  const sent = new Map(
    partitions.map((partition, index) => [partition, hashes[partitions.length + index] ?? {}]),
  );
  const writes = redis.pipeline();
  partitions.forEach((target, index) => {
    for (const [source, applied] of Object.entries(hashes[index] ?? {})) {
      const given = Number(sent.get(Number(source))?.[String(target)] ?? 0);
      if (Number(applied) > given)
        writes.hset(partitionKeys(shardId, Number(source)).sent, String(target), applied);
    }
  });
  if (writes.length > 0) for (const [error] of (await writes.exec()) ?? []) if (error) throw error;
}

/** The dead letters' log goes on above what was archived of it. */
export async function reachDeadLetters(deps: Pick<Deps, 'db' | 'logRedis'>, shardId: number): Promise<void> {
  const row = await deps.db.archiveOffset.findUnique({
    where: { shardId_partition_stream: { shardId, partition: DEAD_LETTER_PARTITION, stream: 'dl' } },
  });
  const key = deadLetterLogKey(shardId);
  if (row === null || row.offset === STREAM_START || (await deps.logRedis.exists(key)) === 1) return;
  await deps.logRedis.multi().xadd(key, row.offset, 'r', '[]').xdel(key, row.offset).exec();
}
