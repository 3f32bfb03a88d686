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
  const texts = await queueRedis.hgetall(key(shardId));
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
