import { execFileSync, spawn } from 'node:child_process';
import { findRedisProgram } from '@/server/platform/embedded/redis-server';

const MISSING =
  'Redis is missing and could not be installed from here; install it (apt-get install redis-server, or brew install redis), or set REDIS_URL and QUEUE_REDIS_URL.';

/** The Redis program, installed by the system's package manager when the machine has none. */
export async function ensureRedisProgram(path: string, say: (line: string) => void): Promise<string> {
  const found = findRedisProgram(path);
  if (found) return found;
  const installer = installCommand();
  if (!installer) throw new Error(MISSING);
  say('Installing Redis with the package manager of the system …');
  for (const command of installer) await run(command);
  const installed = findRedisProgram(path);
  if (!installed) throw new Error(MISSING);
  return installed;
}

/** Commands to run one after the other; a failing update of the lists is no reason not to try the installation. */
function installCommand(): string[][] | null {
  if (process.platform === 'darwin')
    return works('brew', ['--version']) ? [['brew', 'install', 'redis']] : null;
  if (!works('apt-get', ['--version'])) return null;
  const apt = ['apt-get', '-q'];
  const asRoot =
    process.getuid?.() === 0 ? apt : works('sudo', ['-n', 'true']) ? ['sudo', '-n', ...apt] : null;
  if (!asRoot) return null;
  return [
    [...asRoot, 'update'],
    [...asRoot, 'install', '-y', '--no-install-recommends', 'redis-server'],
  ];
}

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run([command = '', ...args]: string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
}
