import { execFileSync } from 'node:child_process';
import { findRedisProgram } from '@/server/platform/embedded/redis-server';
import { installSystemPackage } from './system-package';

const MISSING =
  'Redis is missing and could not be installed from here; install it (apt-get install redis-server, or brew install redis), or set REDIS_URL and QUEUE_REDIS_URL.';
const OLDEST = [6, 2] as const;

/** The Redis program, installed by the system's package manager when the machine has none. */
export async function ensureRedisProgram(path: string, say: (line: string) => void): Promise<string> {
  const program = findRedisProgram(path) ?? (await installRedis(path, say));
  const problem = redisVersionProblem(versionOf(program));
  if (problem) {
    throw new Error(
      `${program} is too old: ${problem}; install a newer one ahead of it on PATH, or set REDIS_URL and QUEUE_REDIS_URL.`,
    );
  }
  return program;
}

async function installRedis(path: string, say: (line: string) => void): Promise<string> {
  await installSystemPackage({ title: 'Redis', apt: 'redis-server', brew: 'redis' }, say);
  const installed = findRedisProgram(path);
  if (!installed) throw new Error(MISSING);
  return installed;
}

/** `Redis server v=7.0.15 …` or `Valkey server v=8.0.1 …`. */
function versionOf(program: string): string {
  try {
    const text = execFileSync(program, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return /v=(\S+)/.exec(text)?.[1] ?? '';
  } catch (error) {
    throw new Error(
      `${program} does not run (${error instanceof Error ? error.message.split('\n')[0] : error}); install Redis anew, or set REDIS_URL and QUEUE_REDIS_URL.`,
    );
  }
}

/** What is wrong with a version of Redis, or null when it will do. One that cannot be read is taken. */
export function redisVersionProblem(version: string): string | null {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major + minor)) return null;
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return isOld ? `it is ${version}, Millrace needs ${OLDEST.join('.')}` : null;
}
