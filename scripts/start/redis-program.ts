import { findRedisProgram } from '@/server/platform/embedded/redis-server';
import { installSystemPackage } from './system-package';

const MISSING =
  'Redis is missing and could not be installed from here; install it (apt-get install redis-server, or brew install redis), or set REDIS_URL and QUEUE_REDIS_URL.';

/** The Redis program, installed by the system's package manager when the machine has none. */
export async function ensureRedisProgram(path: string, say: (line: string) => void): Promise<string> {
  const found = findRedisProgram(path);
  if (found) return found;
  say('Installing Redis with the package manager of the system …');
  await installSystemPackage({ apt: 'redis-server', brew: 'redis' });
  const installed = findRedisProgram(path);
  if (!installed) throw new Error(MISSING);
  return installed;
}
