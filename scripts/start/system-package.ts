import { execFileSync, spawn } from 'node:child_process';

export interface SystemPackage {
  /** as a person calls it */
  title: string;
  apt: string;
  brew: string;
}

/**
 * Installs a program by the system's own package manager, where that needs no password, and says so before.
 * @returns false when there is no way; the caller looks for itself whether the program is there now
 */
export async function installSystemPackage(
  wanted: SystemPackage,
  say: (line: string) => void,
): Promise<boolean> {
  const commands = installCommands(wanted);
  if (!commands) return false;
  say(`Installing ${wanted.title} with the package manager of the system …`);
  // A failing update of the lists is no reason not to try the installation.
  for (const command of commands) await run(command);
  return true;
}

function installCommands({ apt, brew }: SystemPackage): string[][] | null {
  if (process.platform === 'darwin') return works('brew', ['--version']) ? [['brew', 'install', brew]] : null;
  if (!works('apt-get', ['--version'])) return null;
  const tool = ['apt-get', '-q'];
  const allowed =
    process.getuid?.() === 0 ? tool : works('sudo', ['-n', 'true']) ? ['sudo', '-n', ...tool] : null;
  if (!allowed) return null;
  return [
    [...allowed, 'update'],
    [...allowed, 'install', '-y', '--no-install-recommends', apt],
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
