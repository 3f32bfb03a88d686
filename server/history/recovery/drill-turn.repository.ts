import type { Deps } from '@/server/platform/deps';

const WAITING = 'drills:waiting';

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

/** Whether it is time for a drill without anybody asking: once in `everyMs`. */
export async function isScheduled(
  { queueRedis }: Pick<Deps, 'queueRedis'>,
  workspaceId: string,
  everyMs: number,
): Promise<boolean> {
  return (await queueRedis.set(`drills:scheduled:${workspaceId}`, '1', 'PX', everyMs, 'NX')) !== null;
}
