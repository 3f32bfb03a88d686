import { valuesOf } from '@/server/core/redis-replies';
import type { Deps } from '@/server/platform/deps';

const WAITING = 'drills:waiting';
const scheduledKey = (workspaceId: string) => `drills:scheduled:${workspaceId}`;

/** Says that a drill was asked for, so that nobody must look for it in the database every second. */
export async function tellDrillAsked(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
): Promise<void> {
  await queueRedis.sadd(WAITING, workspaceId);
}

/** Workspaces that drills were asked in since the last look. */
export async function workspacesWaiting({ queueRedis }: Pick<Deps, 'queueRedis'>): Promise<Set<string>> {
  const replies = await queueRedis.multi().smembers(WAITING).del(WAITING).exec();
  return new Set((replies?.[0]?.[1] ?? []) as string[]);
}

/** Workspaces in which it may be time for a drill without anybody asking, in one round trip. */
export async function unscheduled(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  const pipeline = queueRedis.pipeline();
  for (const workspaceId of workspaceIds) pipeline.exists(scheduledKey(workspaceId));
  const found = valuesOf(await pipeline.exec());
  return new Set(workspaceIds.filter((_, index) => found[index] === 0));
}

/** Whether it is time for a drill without anybody asking: once in `everyMs`. */
export async function isScheduled(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  everyMs: number,
): Promise<boolean> {
  return (await queueRedis.set(scheduledKey(workspaceId), '1', 'PX', everyMs, 'NX')) !== null;
}
