import type { Deps } from '@/server/platform/deps';
import type { MetricReading } from './metric-catalogue';

const KEPT_SECONDS = 15;
const keyOf = (workspaceId: string) => `metrics:${workspaceId}`;

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

/** The readings told last; null when none were told in the last seconds. */
export async function sharedReadings(
  { queueRedis }: QueueDeps,
  workspaceId: string,
): Promise<{ at: number; readings: MetricReading[] } | null> {
  const text = await queueRedis.get(keyOf(workspaceId));
  return text === null ? null : JSON.parse(text);
}
