import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import { isBlockedPort, unblockedAfter } from '@/server/platform/blocked-ports';
import { type Env, SettingError } from '@/server/platform/env';
import { metricsPorts } from '@/workers/runtime/metrics-port';

const HIGHEST_PORT = 65_535;

/** @throws SettingError when a port people and senders use, or one that is set for figures, cannot be listened on */
export async function assertPortsFree(env: Env): Promise<void> {
  if (env.PORT === env.COLLECTOR_PORT)
    throw new SettingError('COLLECTOR_PORT', `is ${env.PORT}, as PORT is; each needs a port of its own`);
  for (const name of ['PORT', 'COLLECTOR_PORT'] as const) await assertFree(name, env[name]);
  if (env.METRICS_PORT === undefined) return;
  assertRoomForMetrics(env, env.METRICS_PORT);
  const ports = metricsPorts(env.METRICS_PORT);
  assertNoneBlocked(ports);
  for (const port of ports) await assertFree('METRICS_PORT', port);
}

/** The setting itself names the first of them only. */
function assertNoneBlocked(ports: readonly number[]): void {
  const blocked = ports.findLast(isBlockedPort);
  if (blocked === undefined) return;
  throw new SettingError(
    'METRICS_PORT',
    `gives out the ports from ${ports.at(0)} to ${ports.at(-1)}, and browsers and fetch open nothing on ${blocked}; set it to another, such as ${unblockedAfter(blocked, ports.length)}`,
  );
}

function assertRoomForMetrics(env: Env, first: number): void {
  const ports = metricsPorts(first);
  const highest = HIGHEST_PORT + 1 - ports.length;
  if (first > highest)
    throw new SettingError(
      'METRICS_PORT',
      `is ${first}, but there are ${ports.length} ports from it on; set it to ${highest} or less`,
    );
  for (const name of ['PORT', 'COLLECTOR_PORT'] as const) {
    if (!ports.includes(env[name])) continue;
    throw new SettingError(
      'METRICS_PORT',
      `is ${first}, and ${env[name]}, one of the ${ports.length} ports from it on, is ${name}; set it to another`,
    );
  }
}

async function assertFree(name: string, port: number): Promise<void> {
  for (const host of ['0.0.0.0', '127.0.0.1']) {
    const code = await listenProblem(port, host);
    if (code === 'EACCES')
      throw new SettingError(
        name,
        `names port ${port}, which this user may not listen on; set ${name} to one of 1024 or more`,
      );
    if (code !== null)
      throw new SettingError(
        name,
        `names port ${port}, which is in use; stop what uses it, or set ${name} to another`,
      );
  }
}

function listenProblem(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

/** @throws SettingError when certificate and key cannot be read or are no pair */
export function assertCertificate({ TLS_CERT, TLS_KEY }: Env): void {
  if (!TLS_CERT || !TLS_KEY) return;
  const [cert, key] = [readPem('TLS_CERT', TLS_CERT), readPem('TLS_KEY', TLS_KEY)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new SettingError(
      'TLS_CERT',
      `and TLS_KEY do not make a certificate with its key in PEM (${error instanceof Error ? error.message : error})`,
    );
  }
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingError(
      name,
      `names a file that cannot be read (${error instanceof Error ? error.message : error})`,
    );
  }
}
