import { createRedis } from '@/server/platform/redis';
import { progress, say } from './console-output';
import { runTool, type ToolOptions } from './run-tool';

const ENTRY = 'scripts/recover-state.ts';

/**
 * Rebuilds the state of a log Redis that was lost, before any process uses it. Our own is looked at first, since a look
 * is cheaper than a program; of another's, which may be a cluster that lost a node, the program itself finds out.
 */
export async function recoverLostState(
  { redisUrl, isOwn }: { redisUrl: string; isOwn: boolean },
  options: ToolOptions,
): Promise<void> {
  if (isOwn && !(await maybeLost(redisUrl))) return;
  const told = await progress('Looking for lost state', () =>
    runTool('Rebuilding the state', ['--max-semi-space-size=64', '--import', 'tsx', ENTRY], options),
  );
  const last = told.split('\n').at(-1);
  if (last) say(last);
}

/** Empty, as at the very first start and after a loss, or left half done by a recovery that died. */
async function maybeLost(url: string): Promise<boolean> {
  const redis = createRedis(url, { name: 'start' });
  try {
    return (await redis.dbsize()) === 0 || (await redis.exists('recovering')) === 1;
  } finally {
    redis.disconnect();
  }
}
