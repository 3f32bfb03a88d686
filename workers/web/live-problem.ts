import type { ChannelFeed } from '@/server/live';
import { type LagReading, worstLag } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';

/** From here on what is shown can no longer be taken for now, in seconds. */
const BEHIND_SECONDS = 3;

/** Why live values may be old, in words for the screen; null when all moves. */
export async function liveProblem(
  deps: Pick<Deps, 'logRedis'>,
  feed: Pick<ChannelFeed, 'connected'>,
  readLag: () => Promise<LagReading[]>,
): Promise<string | null> {
  if (!feed.connected) return 'The channel of live values is interrupted.';
  if (deps.logRedis.status !== 'ready') return 'The store of live values cannot be reached.';
  const readings = await readLag();
  const { seconds } = worstLag(readings);
  if (seconds !== null && seconds > BEHIND_SECONDS) return `Processing is ${Math.round(seconds)} s behind.`;
  const isWatched = readings.some(({ group, lagSeconds }) => group === 'main' && lagSeconds !== null);
  return isWatched ? null : 'No worker is processing events.';
}
