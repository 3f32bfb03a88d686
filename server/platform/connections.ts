import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '@/prisma/client/client';
import type { NewId } from '@/server/core/ids';
import type { Deps } from './deps';
import { loadEnv, required } from './env';
import { createPrisma } from './postgres';
import { createRedis, isCluster, type Redis } from './redis';
import { systemClock } from './system-clock';

interface Connections {
  database?: PrismaClient;
  logRedis?: Redis;
  logReaders?: Redis[];
  queueRedis?: Redis;
}

/** The console's routes are bundled apart from the server that carries them; both share what hangs here. */
const shared = globalThis as typeof globalThis & { millraceConnections?: Connections };
shared.millraceConnections ??= {};
const open = shared.millraceConnections;

/** Postgres in the application's role, opened at first use. */
export function database(): PrismaClient {
  const env = loadEnv();
  open.database ??= createPrisma(required(env, 'DATABASE_URL'), { applicationName: 'millrace' });
  return open.database;
}

/** Redis of log, state, consent and epochs, opened at first use, which decides about `resend`. */
export function logRedis(resend?: boolean): Redis {
  open.logRedis ??= createRedis(required(loadEnv(), 'REDIS_URL'), { name: 'millrace-log', resend });
  return open.logRedis;
}

/** A reply of a megabyte by one connection takes sixteen turns of Redis' loop, which writes 64 KB to a connection at once. */
const LOG_READERS = 3;

/** More connections to the Redis of `logRedis`, to share large reads among; of a cluster, which has many, its one client. */
export function logReaders(): readonly Redis[] {
  const log = logRedis(false);
  if (isCluster(log)) return [log];
  const url = required(loadEnv(), 'REDIS_URL');
  open.logReaders ??= Array.from({ length: LOG_READERS }, () =>
    createRedis(url, { name: 'millrace-log-read', resend: false }),
  );
  return open.logReaders;
}

/** Redis of jobs, pub/sub and heartbeats, opened at first use. */
export function queueRedis(): Redis {
  open.queueRedis ??= createRedis(required(loadEnv(), 'QUEUE_REDIS_URL'), { name: 'millrace-queue' });
  return open.queueRedis;
}

/** A new id such as `rule_mf3k2a1x9c…`: in order of making, with 80 random bits. */
export const randomId: NewId = (prefix) =>
  `${prefix}_${systemClock().toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;

/**
 * Everything a service may reach, of this process. Only composition roots call it.
 * @param options.resend whether commands to the log's Redis are sent again, see `RedisClientOptions`
 */
export function processDeps({ resend }: { resend?: boolean } = {}): Deps {
  return {
    db: database(),
    logRedis: logRedis(resend),
    queueRedis: queueRedis(),
    now: systemClock,
    newId: randomId,
  };
}

/** Closes what was opened; the process can end afterwards. */
export async function closeConnections(): Promise<void> {
  const { database: db, logRedis: log, logReaders: readers = [], queueRedis: queue } = open;
  delete open.database;
  delete open.logRedis;
  delete open.logReaders;
  delete open.queueRedis;
  for (const client of [log, ...readers]) client?.disconnect();
  queue?.disconnect();
  await db?.$disconnect();
}
