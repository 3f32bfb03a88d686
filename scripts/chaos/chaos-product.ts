import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '@/server/platform/embedded/kafka-broker';
import { freePort } from '@/server/platform/embedded/ports';
import { findRedisProgram, startRedis } from '@/server/platform/embedded/redis-server';
import { metricsPortOf, metricsPorts } from '@/workers/runtime/metrics-port';
import { LIB_DIR } from '../faults/own-log';
import { type OwnProduct, startOwnProduct } from '../own-product';
import { type Runs, Supervised } from '../start/supervised';
import { startExtraWorker } from './extra-worker';
import { FaultProxy } from './fault-proxy';
import type { ChaosLog, Store } from './fault-schedule';
import { firstOfFreePorts } from './free-ports';

const NEVER = Number.POSITIVE_INFINITY;
/** Ports a product asks for from `METRICS_PORT` on. */
const PRODUCT_PORTS = metricsPorts(0).length;

/** Something that is kept running, and its process id at this moment. */
interface Kept {
  supervised: Supervised<Runs>;
  pid(): number | undefined;
}

/** A server, kept running as Millrace keeps its own, with a bad network in front. */
interface Proxied extends Kept {
  proxy: FaultProxy;
}

/** A Millrace of its own whose processes reach both Redis, and the broker, through proxies; a second worker process beside it. */
export class ChaosProduct {
  private constructor(
    readonly product: OwnProduct,
    /** Where the two worker processes of the main group show their figures, over all their starts. */
    readonly metricsPorts: readonly number[],
    private readonly stores: ReadonlyMap<Store, Proxied>,
    private readonly second: Kept,
    private readonly folder: string,
  ) {}

  static async start(log: ChaosLog): Promise<ChaosProduct> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
    const redis = await startProxiedRedis(join(folder, 'log'), 'always');
    const queue = await startProxiedRedis(join(folder, 'queue'), 'everysec');
    const stores = new Map<Store, Proxied>([
      ['log', redis],
      ['queue', queue],
    ]);
    if (log === 'kafka') stores.set('broker', await startProxiedKafka(join(folder, 'broker')));
    const settings = logSettings(log, stores);
    const first = await firstOfFreePorts(PRODUCT_PORTS + 1);
    const product = await startOwnProduct({
      ...settings,
      REDIS_URL: `redis://127.0.0.1:${redis.proxy.port}`,
      QUEUE_REDIS_URL: `redis://127.0.0.1:${queue.proxy.port}`,
      METRICS_PORT: String(first),
    });
    const secondPort = first + PRODUCT_PORTS;
    const second = await startSecondWorker(product, secondPort, settings);
    return new ChaosProduct(product, [metricsPortOf('stream', first), secondPort], stores, second, folder);
  }

  proxyOf(store: Store): FaultProxy {
    const proxied = this.stores.get(store);
    if (!proxied) throw new Error(`There is no ${store}.`);
    return proxied.proxy;
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
        return this.stores.get('log')?.pid();
      case 'redis-queue':
        return this.stores.get('queue')?.pid();
      case 'broker':
        return this.stores.get('broker')?.pid();
      default:
        return this.product.pidsOf(`workers/${victim}.ts`)[0];
    }
  }

  async stop(): Promise<void> {
    await this.second.supervised.stop();
    await this.product.stop();
    for (const { supervised, proxy } of this.stores.values()) {
      await supervised.stop();
      await proxy.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function logSettings(log: ChaosLog, stores: ReadonlyMap<Store, Proxied>): Record<string, string> {
  const broker = stores.get('broker');
  return { EVENT_LOG: log, ...(broker ? { KAFKA_BROKERS: `127.0.0.1:${broker.proxy.port}` } : {}) };
}

async function startProxiedRedis(dataDir: string, durability: 'always' | 'everysec'): Promise<Proxied> {
  const program = findRedisProgram(process.env.PATH ?? '');
  if (!program) throw new Error('Redis is missing; npm start installs it.');
  const port = await freePort();
  const kept = await keepRunning(`Redis in ${dataDir}`, (stopping) =>
    startRedis(program, { dataDir, port, durability, logFile: `${dataDir}.log`, stopping }),
  );
  return { ...kept, proxy: await FaultProxy.listen(port) };
}

/** The broker names the proxy as its own address: clients come back through it whatever they are told. */
async function startProxiedKafka(dataDir: string): Promise<Proxied> {
  const port = await freePort();
  const proxy = await FaultProxy.listen(port);
  const kept = await keepRunning('the broker', (stopping) =>
    startKafka({
      dataDir,
      libDir: LIB_DIR,
      port,
      advertisedPort: proxy.port,
      logFile: `${dataDir}.log`,
      stopping,
    }),
  );
  return { ...kept, proxy };
}

function startSecondWorker(
  product: OwnProduct,
  metricsPort: number,
  settings: Record<string, string>,
): Promise<Kept> {
  return keepRunning('the second worker', (stopping) =>
    startExtraWorker(product, { name: 'stream-2', metricsPort, settings }, stopping),
  );
}

/** Started, and started again whenever it ends. */
async function keepRunning(name: string, start: (stopping: AbortSignal) => Promise<Runs>): Promise<Kept> {
  let pid: number | undefined;
  const supervised = new Supervised<Runs>({
    name,
    start,
    onStarted: (running) => {
      pid = running.pid;
    },
    say: () => undefined,
    giveUpAfter: NEVER,
    onGiveUp: () => undefined,
  });
  await supervised.start();
  return { supervised, pid: () => pid };
}
