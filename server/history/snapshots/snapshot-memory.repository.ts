import { valuesOf } from '@/server/core/redis-replies';
import type { Deps } from '@/server/platform/deps';

/** What is remembered of a partition's last snapshot, so that one without news is not taken again. */
export interface LastSnapshot {
  /** ms */
  takenAt: number;
  /** when it was last seen to have no news, or taken, ms */
  checkedAt: number;
  sequence: string | null;
  /** customer events processed by then */
  events: number;
}

const key = (shardId: number) => `snapshots:${shardId}`;

export async function lastSnapshots(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  shardId: number,
): Promise<Map<number, LastSnapshot>> {
  return remembered(await queueRedis.hgetall(key(shardId)));
}

/** The same of several shards, in one round trip and in their order. */
export async function lastSnapshotsOf(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  shardIds: readonly number[],
): Promise<Map<number, LastSnapshot>[]> {
  const pipeline = queueRedis.pipeline();
  for (const shardId of shardIds) pipeline.hgetall(key(shardId));
  return (valuesOf(await pipeline.exec()) as Record<string, string>[]).map(remembered);
}

function remembered(texts: Record<string, string>): Map<number, LastSnapshot> {
  return new Map(
    Object.entries(texts).map(([partition, text]) => [Number(partition), JSON.parse(text) as LastSnapshot]),
  );
}

/** How long the partition that waited longest has waited, ms; null: none was ever taken. */
export async function checkpointFigures(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  shardId: number,
): Promise<{ oldestMs: number } | null> {
  const checked = [...(await lastSnapshots(deps, shardId)).values()].map(({ checkedAt }) => checkedAt);
  return checked.length === 0 ? null : { oldestMs: deps.now() - Math.min(...checked) };
}

export async function rememberSnapshots(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  shardId: number,
  last: ReadonlyMap<number, LastSnapshot>,
): Promise<void> {
  if (last.size === 0) return;
  const texts = [...last].map(([partition, one]) => [String(partition), JSON.stringify(one)] as const);
  await queueRedis.hset(key(shardId), Object.fromEntries(texts));
}
