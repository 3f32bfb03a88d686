import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisProgram, type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { metricsPortOf, metricsPorts } from '@/workers/runtime/metrics-port';
import { freePort, type OwnProduct, startOwnProduct } from '../own-product';
import { type Runs, Supervised } from '../start/supervised';
import { startExtraWorker } from './extra-worker';
import { FaultProxy } from './fault-proxy';
import type { Store } from './fault-schedule';
import { firstOfFreePorts } from './free-ports';

const NEVER = Number.POSITIVE_INFINITY;
/** Ports a product asks for from `METRICS_PORT` on. */
const PRODUCT_PORTS = metricsPorts(0).length;

/** A Redis as Millrace runs it, kept running the same way, with a bad network in front. */
interface ProxiedRedis {
  supervised: Supervised<RedisServer>;
  proxy: FaultProxy;
  pid(): number | undefined;
}

/** A Millrace of its own whose processes reach both Redis through proxies, and a second worker process beside it. */
export class ChaosProduct {
  private constructor(
    readonly product: OwnProduct,
    /** Where the two worker processes of the main group show their figures, over all their starts. */
    readonly metricsPorts: readonly number[],
    private readonly redis: Record<Store, ProxiedRedis>,
    private readonly second: { supervised: Supervised<Runs>; pid(): number | undefined },
    private readonly redisFolder: string,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<ChaosProduct> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-redis-'));
    const redis = {
      log: await startProxiedRedis(join(folder, 'log'), 'always'),
      queue: await startProxiedRedis(join(folder, 'queue'), 'everysec'),
    };
    const first = await firstOfFreePorts(PRODUCT_PORTS + 1);
    const product = await startOwnProduct({
      ...settings,
      REDIS_URL: `redis://127.0.0.1:${redis.log.proxy.port}`,
      QUEUE_REDIS_URL: `redis://127.0.0.1:${redis.queue.proxy.port}`,
      METRICS_PORT: String(first),
    });
    const secondPort = first + PRODUCT_PORTS;
    const second = await startSecondWorker(product, secondPort, settings);
    return new ChaosProduct(product, [metricsPortOf('stream', first), secondPort], redis, second, folder);
  }

  proxyOf(store: Store): FaultProxy {
    return this.redis[store].proxy;
  }

  /** Process id of a victim at this moment; none while it is being started again. */
  pidOf(victim: string): number | undefined {
    switch (victim) {
      case 'stream-1':
        return this.product.pidsOf('workers/stream.ts --only main')[0];
      case 'stream-2':
        return this.second.pid();
      case 'archive':
        return this.product.pidsOf('workers/stream.ts --only archive')[0];
      case 'redis-log':
        return this.redis.log.pid();
      case 'redis-queue':
        return this.redis.queue.pid();
      default:
        return this.product.pidsOf(`workers/${victim}.ts`)[0];
    }
  }

  async stop(): Promise<void> {
    await this.second.supervised.stop();
    await this.product.stop();
    for (const { supervised, proxy } of Object.values(this.redis)) {
      await supervised.stop();
      await proxy.close();
    }
    rmSync(this.redisFolder, { recursive: true, force: true });
  }
}

async function startProxiedRedis(dataDir: string, durability: 'always' | 'everysec'): Promise<ProxiedRedis> {
  const program = findRedisProgram(process.env.PATH ?? '');
  if (!program) throw new Error('Redis is missing; npm start installs it.');
  const port = await freePort();
  let pid: number | undefined;
  const supervised = keepRunning<RedisServer>(
    `Redis in ${dataDir}`,
    (stopping) => startRedis(program, { dataDir, port, durability, logFile: `${dataDir}.log`, stopping }),
    (running) => {
      pid = running.pid;
    },
  );
  await supervised.start();
  return { supervised, proxy: await FaultProxy.listen(port), pid: () => pid };
}

async function startSecondWorker(product: OwnProduct, metricsPort: number, settings: Record<string, string>) {
  let pid: number | undefined;
  const supervised = keepRunning<Runs>(
    'the second worker',
    (stopping) => startExtraWorker(product, { name: 'stream-2', metricsPort, settings }, stopping),
    (running) => {
      pid = running.pid;
    },
  );
  await supervised.start();
  return { supervised, pid: () => pid };
}

function keepRunning<T extends Runs>(
  name: string,
  start: (stopping: AbortSignal) => Promise<T>,
  onStarted: (running: T) => void,
): Supervised<T> {
  return new Supervised<T>({
    name,
    start,
    onStarted,
    say: () => undefined,
    giveUpAfter: NEVER,
    onGiveUp: () => undefined,
  });
}
