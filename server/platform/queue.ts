import type { ConnectionOptions } from 'bullmq';
import { createRedis, reconnectDelay, silenceLimit } from './redis';

/** Prefix of every BullMQ key in the queue Redis; a hash tag keeps them in one slot of a cluster. */
export const QUEUE_PREFIX = '{millrace:jobs}';

/** The queue of all scheduled work. */
export const JOBS_QUEUE = 'jobs';

/**
 * How BullMQ connects. `consume`: a worker waits for ever; `produce`: adding a job fails soon while Redis is away, so
 * that the caller can say so.
 */
export function queueConnection(url: string, name: string, use: 'consume' | 'produce'): ConnectionOptions {
  const patient = use === 'consume';
  if (url.startsWith('redis-cluster://')) return createRedis(url, { name, patient });
  return {
    ...addressOf(url),
    connectionName: name,
    // As in redis.ts: RESP3 replies differ in shape.
    protocol: 2,
    maxRetriesPerRequest: patient ? null : 2,
    retryStrategy: reconnectDelay,
    socketTimeout: silenceLimit(patient),
  };
}

function addressOf(url: string) {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
