import { valuesOf } from '@/server/core/redis-replies';
import type { Deps } from '@/server/platform/deps';

/** How far a sweep over a workspace's customers is; between rounds it is kept in the queue Redis. */
export interface SweepProgress {
  id: string;
  startedAt: number;
  /** place among the workspace's partitions, and the cursor of the scan in it */
  place: number;
  cursor: string;
  /** customers there were at the start */
  customers: number;
  seen: number;
  checked: number;
  divergent: number;
  skipped: number;
  /** newest event of the customer silent longest, ms; null: none seen */
  oldestAt: number | null;
  /** to be looked at again: what differed may only have been on its way */
  doubtful: Doubtful[];
  /** all partitions were passed; only doubtful ones are left */
  passed: boolean;
  finishedAt: number | null;
}

export interface Doubtful {
  shardId: number;
  partition: number;
  customer: string;
  text: string | null;
  looks: number;
  /** ms */
  nextAt: number;
}

const key = (workspaceId: string) => `sweep:${workspaceId}`;
const SHARE_KEY = 'sweeps:share';

export async function readProgress(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
): Promise<SweepProgress | null> {
  const text = await queueRedis.get(key(workspaceId));
  return text === null ? null : (JSON.parse(text) as SweepProgress);
}

/** How far each workspace's sweep is, in one round trip. */
export async function readProgresses(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceIds: readonly string[],
): Promise<(SweepProgress | null)[]> {
  const pipeline = queueRedis.pipeline();
  for (const workspaceId of workspaceIds) pipeline.get(key(workspaceId));
  return (valuesOf(await pipeline.exec()) as (string | null)[]).map((text) =>
    text === null ? null : (JSON.parse(text) as SweepProgress),
  );
}

/** What part of their own pace the sweeps go at now, since there are several; for who tells how long they take. */
export async function keepShare({ queueRedis }: Pick<Deps, 'queueRedis'>, share: number): Promise<void> {
  await queueRedis.set(SHARE_KEY, String(share));
}

export async function readShare({ queueRedis }: Pick<Deps, 'queueRedis'>): Promise<number> {
  return Number((await queueRedis.get(SHARE_KEY)) ?? 1);
}

export async function keepProgress(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  progress: SweepProgress,
): Promise<void> {
  await queueRedis.set(key(workspaceId), JSON.stringify(progress));
}
