import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import type { Deps } from '@/server/platform/deps';

/** Tells the stream and the console that rules of a workspace, or what they stand on, changed. */
export async function announceRules(deps: Deps, workspaceId: string): Promise<void> {
  await deps.queueRedis.publish(CONFIG_CHANNEL, JSON.stringify({ workspaceId, what: 'rules' }));
}
