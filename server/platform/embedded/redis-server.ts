import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { commandLineOf, endForeignProcess, workingFolderOf } from './process-table';
import { type ServerProcess, startServerProcess, waitForServer } from './server-process';
import { cutTornTail, type TornLog } from './torn-log';

/** A log of gigabytes takes minutes to load. */
const READY_TIMEOUT_MS = 600_000;
/** Bytes of a socket file's path, of which macOS takes 103. */
const MOST_SOCKET_PATH = 103;
/** How Redis says that its file is not as it wrote it. */
const DAMAGED = /reading the append only file/;

export interface RedisOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly logFile: string;
  readonly password?: string;
  /** `always`: on disk before the answer. `everysec`: at most a second is lost. `none`: tests without persistence. */
  readonly durability: 'always' | 'everysec' | 'none';
  /** As a node of a cluster, which talks to the others on this port. */
  readonly clusterPort?: number;
  /** Ends a start that is no longer wanted. */
  readonly stopping?: AbortSignal;
}

export interface RedisServer extends ServerProcess {
  readonly port: number;
  readonly url: string;
  /** The same for processes of the same user on this machine: by its socket file, where the folder's path allows one. */
  readonly nearUrl: string;
}

/** The Redis (or Valkey) program on PATH, or null. */
export function findRedisProgram(path: string): string | null {
  const folders = [...path.split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  for (const name of ['redis-server', 'valkey-server']) {
    const folder = folders.find((candidate) => candidate !== '' && existsSync(join(candidate, name)));
    if (folder) return join(folder, name);
  }
  return null;
}

/** Starts one Redis on 127.0.0.1 with the durability asked for, and waits until its data is loaded. */
export async function startRedis(program: string, options: RedisOptions): Promise<RedisServer> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  await endLeftOver(options.dataDir);
  const socket = await usableSocket(options.dataDir);
  const configuration = join(options.dataDir, 'redis.conf');
  writeFileSync(configuration, configurationOf(options, socket), { mode: 0o600 });
  const server = await launch(program, configuration, options).catch((error: Error) => {
    if (!DAMAGED.test(error.message)) throw error;
    const torn = cutTornTail(options.dataDir);
    if (!torn) throw new Error(damageSentence(options.dataDir));
    noteCut(options.logFile, torn);
    return launch(program, configuration, options);
  });
  const url = redisUrl(options);
  return {
    ...server,
    port: options.port,
    url,
    nearUrl: socket ? `${url}?path=${encodeURIComponent(socket)}` : url,
  };
}

async function launch(program: string, configuration: string, options: RedisOptions): Promise<ServerProcess> {
  const server = startServerProcess({ command: program, args: [configuration], logFile: options.logFile });
  const url = redisUrl(options);
  await waitForServer(server, {
    name: 'Redis',
    logFile: options.logFile,
    ready: () => answers(url),
    timeoutMs: READY_TIMEOUT_MS,
    stopping: options.stopping,
  });
  return server;
}

function damageSentence(dataDir: string): string {
  return `The append-only file of Redis in ${dataDir} is damaged, and not only at its end; bring the folder back from a copy, or move it away and put a backup back (npm run restore), or let redis-check-aof --fix cut it off at the damage, which loses everything after it.`;
}

function noteCut(logFile: string, { file, wholeBytes, cutBytes }: TornLog): void {
  const line = `${file} ended in ${cutBytes} bytes that were never written whole, as a power cut leaves them; it was cut to ${wholeBytes} bytes.\n`;
  appendFileSync(logFile, line, { mode: 0o600 });
}

function redisUrl({ password, port }: RedisOptions): string {
  return password
    ? `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`
    : `redis://127.0.0.1:${port}`;
}

/**
 * A socket file costs both sides less than a connection by address does. Not every folder can hold one, such as some that
 * a container is given from another system: Redis would not start there, so it is tried.
 * @returns its path, or null
 */
async function usableSocket(dataDir: string): Promise<string | null> {
  const path = join(resolve(dataDir), 'redis.sock');
  if (Buffer.byteLength(path) > MOST_SOCKET_PATH) return null;
  rmSync(path, { force: true });
  // Clients of a server that was killed try to come back meanwhile.
  const probe = createServer((early) => early.destroy());
  try {
    await once(probe.listen(path), 'listening');
    return path;
  } catch {
    return null;
  } finally {
    await new Promise((done) => probe.close(done));
  }
}

function configurationOf(options: RedisOptions, socket: string | null): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${options.port}`,
    `dir "${options.dataDir}"`,
    'daemonize no',
    `pidfile "${join(options.dataDir, 'redis.pid')}"`,
    'save ""',
    'maxmemory-policy noeviction',
    // Recent message ids are integer sets: kept compact to this size.
    'set-max-intset-entries 65536',
    'stream-node-max-bytes 65536',
    ...(socket ? [`unixsocket "${socket}"`, 'unixsocketperm 700'] : []),
    ...(options.clusterPort
      ? ['cluster-enabled yes', `cluster-port ${options.clusterPort}`, 'cluster-node-timeout 3000']
      : []),
    ...(options.password ? [`requirepass ${options.password}`] : []),
    ...(options.durability === 'none'
      ? ['appendonly no']
      : [
          'appendonly yes',
          `appendfsync ${options.durability}`,
          'aof-load-truncated yes',
          'no-appendfsync-on-rewrite no',
          'auto-aof-rewrite-min-size 256mb',
          // A rewrite costs by the state, a restart by what came since: half as many rewrites under full load, and a
          // million events are still read back in two seconds (some 230 MB a second).
          'auto-aof-rewrite-percentage 200',
          'rdbcompression no',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A killed supervisor leaves its Redis running on the same files: it is ended first. */
export async function endLeftOver(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'redis.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const command = commandLineOf(pid);
  const folder = workingFolderOf(pid);
  // The other Redis may have been given the number this one had.
  const isOurs = folder === null || folder === realpathSync(dataDir);
  if (isOurs && command && /redis-server|valkey-server/.test(command))
    await endForeignProcess(pid, 'SIGTERM', 10_000);
  rmSync(pidFile, { force: true });
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}
