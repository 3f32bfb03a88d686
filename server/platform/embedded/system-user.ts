import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** How a command is run as somebody else. */
export interface RunAs {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const CAPABILITIES = '+dac_override,+dac_read_search';

/**
 * Postgres refuses to run as root: then it runs as who owns its files already, else as `postgres`, which is made when
 * the machine has none.
 * @throws Error when its files belong to another and this process is not root's
 */
export function postgresUser(dataDir: string): SystemUser | null {
  const owner = existsSync(dataDir) ? statSync(dataDir) : null;
  const self = process.getuid?.();
  if (self !== 0) {
    if (self === undefined || owner === null || owner.uid === self) return null;
    throw new Error(
      `The data of Postgres in ${dataDir} belongs to another user; start Millrace as that user, or set MILLRACE_DATA to another folder.`,
    );
  }
  if (owner && owner.uid !== 0) return { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const known = findUser('postgres');
  if (known) return known;
  tryRun('groupadd', ['--system', 'postgres']);
  tryRun('useradd', [
    '--system',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    '-g',
    'postgres',
    'postgres',
  ]);
  const made = findUser('postgres') ?? findUser('nobody');
  if (!made)
    throw new Error(
      'Postgres may not run as root and no user for it could be made; run as an ordinary user.',
    );
  return made;
}

/**
 * A folder of root's own (mode 700) above the files would shut that user out. Root may lend it the right to pass
 * through folders; files keep their owners.
 */
export function runAs(user: SystemUser | null, paths: readonly string[]): RunAs {
  if (!user) return { prefix: [] };
  if (paths.every((path) => canPassThrough(path, user))) return { prefix: [], uid: user.uid, gid: user.gid };
  if (!existsSync('/usr/bin/setpriv')) {
    throw new Error(
      `The user ${user.name}, as whom Postgres runs, may not enter ${paths.find((path) => !canPassThrough(path, user))}; ` +
        'move Millrace to a folder others may enter (chmod o+x), or run it as an ordinary user.',
    );
  }
  return {
    prefix: [
      '/usr/bin/setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      `--inh-caps=${CAPABILITIES}`,
      `--ambient-caps=${CAPABILITIES}`,
      '--',
    ],
  };
}

function canPassThrough(path: string, user: SystemUser): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && !mayEnter(folder, user)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(path: string, user: SystemUser): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function findUser(name: string): SystemUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : null;
}

function tryRun(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
  } catch {
    // The caller looks whether the user exists now; nothing else matters.
  }
}
