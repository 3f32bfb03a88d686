import { valuesOf } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';

type QueueDeps = Pick<Deps, 'queueRedis'>;

const versionKey = (workspaceId: string) => `claims:version:${workspaceId}`;

/** Tells the desk of a workspace that a claim or the times allowed changed, and whoever keeps waits in memory too. */
export async function announceClaim(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  message: object,
): Promise<void> {
  const told = queueRedis.pipeline().incr(versionKey(workspaceId));
  valuesOf(await told.publish(`claims:${workspaceId}`, JSON.stringify(message)).exec());
}

/** Waits of a workspace were written of which no screen need hear. */
export async function bumpWaits({ queueRedis }: QueueDeps, workspaceId: string): Promise<void> {
  await queueRedis.incr(versionKey(workspaceId));
}

/** Of each workspace what changes whenever its waits or the times allowed do, in one round trip. */
export async function waitsVersions(
  { queueRedis }: QueueDeps,
  workspaceIds: readonly string[],
): Promise<Map<string, string>> {
  const pipeline = queueRedis.pipeline();
  for (const workspaceId of workspaceIds) pipeline.get(versionKey(workspaceId));
  const versions = valuesOf(await pipeline.exec());
  return new Map(workspaceIds.map((workspaceId, index) => [workspaceId, String(versions[index] ?? '0')]));
}
