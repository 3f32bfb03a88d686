import type { ChannelFeed } from '@/server/live';
import type { Deps } from '@/server/platform/deps';
import { liveWorkers } from '@/server/scaling';

/** Why live values may be old, in words for the screen; null when all moves. */
export async function liveProblem(deps: Deps, feed: ChannelFeed): Promise<string | null> {
  if (!feed.connected) return 'The channel of live values is interrupted.';
  if (deps.logRedis.status !== 'ready') return 'The store of live values cannot be reached.';
  const workers = await liveWorkers(deps.queueRedis, 'main', deps.now());
  return workers.length === 0 ? 'No worker is processing events.' : null;
}
