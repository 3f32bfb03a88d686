import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import type { OwnProduct } from '../own-product';
import type { LoadFigures } from './load-options';
import { load, residentBytes, sleep } from './processes';

interface LagRow {
  group: string;
  partition: number;
  lagSeconds: number | null;
  backlog: number;
}

/** `GET /api/v1/<path>` as a program would. @throws with the answer when it is not well */
export async function get<T>(product: OwnProduct, path: string): Promise<T> {
  const response = await fetch(`${product.consoleUrl}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${product.keys.apiKey}` },
  });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function lagRows(product: OwnProduct): Promise<LagRow[]> {
  return (await get<{ partitions: LagRow[] }>(product, 'lag')).partitions;
}

const isDrained = (rows: readonly LagRow[]) => rows.every(({ backlog }) => backlog === 0);

/** Whether every group has taken everything. */
export async function backlogFree(product: OwnProduct): Promise<boolean> {
  return isDrained(await lagRows(product));
}

/** Traffic is refused only once the backlog would take three minutes: as much may be left when it ends, and more on a bad day. */
const BACKLOG_LIMIT_MS = 600_000;

/** Waits until every group has taken everything; returns the seconds it took. */
export async function drain(product: OwnProduct, limitMs = 180_000): Promise<number> {
  const started = Date.now();
  let last: unknown;
  while (Date.now() - started < limitMs) {
    const rows = await lagRows(product).catch((error: unknown) => {
      last = error;
      return undefined;
    });
    if (rows && isDrained(rows)) return (Date.now() - started) / 1_000;
    if (rows) last = rows.filter(({ backlog }) => backlog !== 0).slice(0, 3);
    await sleep(250);
  }
  throw new Error(`the backlog was not drained in time; last seen: ${inspect(last)}`);
}

/** The events that GET totals counts, once they are as many as expected or a minute has passed. */
export async function countedEvents(product: OwnProduct, expected: number): Promise<number> {
  let events = -1;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && events !== expected; await sleep(500)) {
    const totals = await get<{ events: number }>(product, 'totals').catch(() => undefined);
    events = totals?.events ?? events;
  }
  return events;
}

/** Collector alone: the stream workers are stopped in their tracks, so that only acceptance and durability are timed. */
export async function collectorFigures(product: OwnProduct, seconds: number): Promise<LoadFigures> {
  const workers = product.pidsOf('workers/stream.ts');
  for (const pid of workers) process.kill(pid, 'SIGSTOP');
  try {
    return await load({
      url: product.collectorUrl,
      writeKey: product.keys.writeKey,
      seconds,
      connections: 16,
      rate: 0,
      seed: 11,
    });
  } finally {
    for (const pid of workers) process.kill(pid, 'SIGCONT');
  }
}

export interface PipelineFigures {
  offeredPerSecond: number;
  eventsPerSecond: number;
  accepted: number;
  counted: number;
  worstLagSeconds: number;
  drainSeconds: number;
  ackMs: LoadFigures['ackMs'];
}

/** The whole pipeline at an offered rate (0: as much as it takes): everything on, nothing lost, lag watched. */
export async function pipelineFigures(
  product: OwnProduct,
  rate: number,
  seconds: number,
): Promise<PipelineFigures> {
  const before = (await get<{ events: number }>(product, 'totals')).events;
  const started = Date.now();
  let worstLagSeconds = 0;
  let sending = true;
  const watch = (async () => {
    while (sending) {
      const rows = await lagRows(product).catch(() => []);
      for (const { lagSeconds } of rows) worstLagSeconds = Math.max(worstLagSeconds, lagSeconds ?? 0);
      await sleep(1_000);
    }
  })();
  const sent = await load({
    url: product.collectorUrl,
    writeKey: product.keys.writeKey,
    seconds,
    connections: 16,
    rate,
    seed: 100 + rate,
  });
  sending = false;
  await watch;
  const drainSeconds = await drain(product, BACKLOG_LIMIT_MS);
  const elapsed = (Date.now() - started) / 1_000;
  const counted = (await countedEvents(product, before + sent.accepted)) - before;
  return {
    offeredPerSecond: rate,
    eventsPerSecond: Math.round(counted / elapsed),
    accepted: sent.accepted,
    counted,
    worstLagSeconds,
    drainSeconds,
    ackMs: sent.ackMs,
  };
}

/** Memory of everything that holds customers: the log Redis and the stream workers. */
export async function memoryOfState(
  product: OwnProduct,
): Promise<{ redisBytes: number; workerBytes: number }> {
  let redisBytes = 0;
  for (const url of product.redisUrls()) {
    const redis = new Redis(url, { protocol: 2 });
    const info = await redis.info('memory');
    redisBytes += Number(/used_memory:(\d+)/.exec(info)?.[1] ?? 0);
    redis.disconnect();
  }
  const workerBytes = product.pidsOf('workers/stream.ts').reduce((sum, pid) => sum + residentBytes(pid), 0);
  return { redisBytes, workerBytes };
}
