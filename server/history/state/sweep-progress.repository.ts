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

export async function readProgress(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
): Promise<SweepProgress | null> {
  const text = await queueRedis.get(key(workspaceId));
  return text === null ? null : (JSON.parse(text) as SweepProgress);
}

export async function keepProgress(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  progress: SweepProgress,
): Promise<void> {
  await queueRedis.set(key(workspaceId), JSON.stringify(progress));
}
