import { valuesOf } from '@/server/core/redis-replies';
import type { Deps } from '@/server/platform/deps';
import type { MetricReading } from './metric-catalogue';

const KEPT_SECONDS = 15;
const keyOf = (workspaceId: string) => `metrics:${workspaceId}`;

/** Who looked so long ago, or longer, looks no more. */
const WATCHED_SECONDS = 15;
const watchedKey = (workspaceId: string) => `metrics:watched:${workspaceId}`;

type QueueDeps = Pick<Deps, 'queueRedis'>;

/** Tells every screen what the process that judges thresholds reads now. */
export async function shareReadings(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  at: number,
  readings: readonly MetricReading[],
): Promise<void> {
  await queueRedis.set(keyOf(workspaceId), JSON.stringify({ at, readings }), 'EX', KEPT_SECONDS);
}

/**
 * The readings told last; null when none were told in the last seconds. Says as well that somebody looks: until they do,
 * those of a workspace without thresholds are told every ten seconds only.
 */
export async function sharedReadings(
  { queueRedis }: QueueDeps,
  workspaceId: string,
): Promise<{ at: number; readings: MetricReading[] } | null> {
  const [text] = valuesOf(
    await queueRedis
      .pipeline()
      .get(keyOf(workspaceId))
      .set(watchedKey(workspaceId), '1', 'EX', WATCHED_SECONDS)
      .exec(),
  );
  return typeof text === 'string' ? JSON.parse(text) : null;
}

/** Whether a screen has asked for the readings lately, of each workspace, in one round trip. */
export async function watchedWorkspaces(
  { queueRedis }: QueueDeps,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  const pipeline = queueRedis.pipeline();
  for (const workspaceId of workspaceIds) pipeline.exists(watchedKey(workspaceId));
  const found = valuesOf(await pipeline.exec());
  return new Set(workspaceIds.filter((_, index) => found[index] === 1));
}
