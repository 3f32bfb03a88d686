import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT_MS = 8 * 60_000;

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilReady(url: string, child: ChildProcess, output: string[]): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`The product stopped while starting:\n${output.slice(-40).join('')}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`The product was not ready at ${url} in time:\n${output.slice(-40).join('')}`);
}

/** Starts the product as a person would, with people and keys but no traffic, and stops it after the last journey. */
export default async function startProduct(): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const [port, collectorPort] = [await freePort(), await freePort()];
  const output: string[] = [];
  const child = spawn('node', ['scripts/start.mjs'], {
    cwd: new URL('..', import.meta.url).pathname,
    env: {
      ...process.env,
      MILLRACE_DATA: data,
      MILLRACE_DEMO: 'quiet',
      PORT: String(port),
      COLLECTOR_PORT: String(collectorPort),
      IDLE_MS: '2000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));

  await untilReady(`http://localhost:${port}/readyz`, child, output);
  await untilReady(`http://localhost:${collectorPort}/readyz`, child, output);
  const keys = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'));
  process.env.E2E_CONSOLE = `http://localhost:${port}`;
  process.env.E2E_COLLECTOR = `http://localhost:${collectorPort}`;
  process.env.E2E_KEYS = JSON.stringify(keys);

  return async () => {
    child.kill('SIGINT');
    await new Promise((resolve) => child.on('exit', resolve));
    rmSync(data, { recursive: true, force: true });
  };
}
