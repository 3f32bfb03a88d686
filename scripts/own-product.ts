import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@/server/platform/embedded/ports';

const START_LIMIT_MS = 8 * 60_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A Millrace of one's own for tests and measurements: own data, own ports, started and stopped as a person would. */
export interface OwnProduct {
  consoleUrl: string;
  collectorUrl: string;
  dataDir: string;
  keys: { password: string; writeKey: string; apiKey: string };
  /** Process id of the command itself. */
  pid: number;
  /** Settles with its exit code, or null when it was killed. */
  exited: Promise<number | null>;
  /** What it has printed so far. */
  output(): string;
  /** Process ids below the supervisor whose command line holds the text. */
  pidsOf(text: string): number[];
  /** Addresses of its two Redis processes: log and state first, then the queues'. */
  redisUrls(): string[];
  /** Stops it as Ctrl-C does, and removes its data. */
  stop(): Promise<void>;
}

/** What the supervisor says once every process is ready: until then the end of one would end all. */
const RUNS = 'Millrace runs (';

async function untilReady(url: string, child: ChildProcess, output: string[]): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The product stopped while starting:\n${output.slice(-40).join('')}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok && output.join('').includes(RUNS)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`The product was not ready at ${url} in time:\n${output.slice(-40).join('')}`);
}

/** All process ids below `root`, found by walking the process table. */
function descendants(root: number): { pid: number; command: string }[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16 << 20 })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command ?? '',
    }));
  const found: { pid: number; command: string }[] = [];
  const queue = [root];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const row of rows) {
      if (row.parent !== next) continue;
      found.push(row);
      queue.push(row.pid);
    }
  }
  return found;
}

/** Starts `npm start`'s own entry with fresh data; `settings` are added to the environment. */
export async function startOwnProduct(
  settings: Record<string, string> = {},
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-own-')),
): Promise<OwnProduct> {
  const port = settings.PORT ?? String(await freePort());
  const collectorPort = settings.COLLECTOR_PORT ?? String(await freePort());
  const output: string[] = [];
  const child = spawn('node', ['scripts/start.mjs'], {
    cwd: ROOT,
    env: {
      ...process.env,
      MILLRACE_DATA: dataDir,
      MILLRACE_DEMO: 'quiet',
      PORT: port,
      COLLECTOR_PORT: collectorPort,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const consoleUrl = `http://localhost:${port}`;
  const collectorUrl = `http://localhost:${collectorPort}`;
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await exited;
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await untilReady(`${consoleUrl}/readyz`, child, output);
    await untilReady(`${collectorUrl}/readyz`, child, output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    consoleUrl,
    collectorUrl,
    dataDir,
    keys: JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')),
    pid: child.pid ?? 0,
    exited,
    output: () => output.join(''),
    pidsOf: (text) =>
      descendants(child.pid ?? 0)
        .filter(({ command }) => command.includes(text))
        .map(({ pid }) => pid),
    redisUrls: () => {
      const addresses = JSON.parse(readFileSync(join(dataDir, 'run', 'addresses.json'), 'utf8'));
      return [addresses.REDIS_URL, addresses.QUEUE_REDIS_URL];
    },
    stop,
  };
}
