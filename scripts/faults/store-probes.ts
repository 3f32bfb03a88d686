import { Redis } from 'ioredis';
import { withClient } from '@/server/platform/pg-client';
import type { OwnProduct } from '../own-product';

const REQUEST_DEADLINE_MS = 1_000;

/** Process id of the Redis at this address. */
export function redisPidOf(product: OwnProduct, url: string): number {
  const pid = product.pidsOf(`:${new URL(url).port}`).at(0);
  if (pid === undefined) throw new Error('Redis does not run.');
  return pid;
}

/** Whether it has loaded its data and answers. @throws while it cannot be reached */
export async function answersPing(url: string): Promise<boolean> {
  const redis = new Redis(url, { protocol: 2, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } finally {
    redis.disconnect();
  }
}

/** Whether the collector takes an event: it is then on disk. */
export async function isTaken({ collectorUrl, keys }: OwnProduct): Promise<boolean> {
  const response = await fetch(`${collectorUrl}/v1/track`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${keys.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ event: 'Probe', userId: 'probe', messageId: `probe-${Date.now()}` }),
    signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
  });
  return response.ok;
}

/** Rows of history. @throws while Postgres cannot be reached */
export function archivedRows(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM history_events');
    return Number(rows[0]?.count);
  });
}
