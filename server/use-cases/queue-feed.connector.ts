import { valuesOf } from '@/server/core/redis-replies';
import { ChangeCounters } from '@/server/platform/change-counters';
import type { Deps } from '@/server/platform/deps';

type QueueDeps = Pick<Deps, 'queueRedis'>;

/** Raised with every claim, and when waits or the times allowed change. */
export const waitChanges = new ChangeCounters('claims');

/** Tells the desk of a workspace that a claim or the times allowed changed, and whoever keeps waits in memory too. */
export async function announceClaim(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  message: object,
): Promise<void> {
  const told = queueRedis.pipeline().incr(waitChanges.key(workspaceId));
  valuesOf(await told.publish(`claims:${workspaceId}`, JSON.stringify(message)).exec());
}
