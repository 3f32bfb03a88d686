import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { valuesOf } from '@/server/core/redis-replies';
import { countKey, offsetKey, type ProcessorGroup } from '@/server/event-log';
import { listShards } from '@/server/identity';
import { ensureWorkspace } from '@/server/identity/provision.service';
import { createSource } from '@/server/identity/sources.service';
import { randomId } from '@/server/platform/connections';
import type { Deps } from '@/server/platform/deps';
import { createPrisma } from '@/server/platform/postgres';
import { createRedis } from '@/server/platform/redis';
import { systemClock } from '@/server/platform/system-clock';
import { partitionKeys } from '@/server/scaling';
import { type OwnProduct, startOwnProduct } from '../../own-product';
import type { LoadFigures, LoadOptions } from '../load-options';
import { allAccounts, cpuMicros } from '../process-accounts';
import { load, sleep } from '../processes';

const GROUPS: readonly ProcessorGroup[] = ['main', 'archive'];
const DRAIN_LIMIT_SECONDS = 600;
/** Each look costs the product something that is no event's. */
const LOOK_EVERY_MS = 500;

interface ShardPlace {
  shardId: number;
  partitions: number;
}

interface PartitionPlace {
  shardId: number;
  partition: number;
}

/** A product of one's own for a row, its stores within reach, so that looking at it costs it little. */
export class BenchProduct {
  private constructor(
    readonly product: OwnProduct,
    /** one for each workspace */
    readonly writeKeys: readonly string[],
    private readonly shards: readonly ShardPlace[],
    private readonly deps: Deps,
  ) {}

  /** Starts a product with these settings; beside the demo's workspace as many others as make `workspaces`. */
  static async start(settings: Record<string, string> = {}, workspaces = 1): Promise<BenchProduct> {
    return BenchProduct.of(await startOwnProduct(settings), workspaces);
  }

  /** The same on a product that runs. It is stopped when it cannot be reached. */
  static async of(product: OwnProduct, workspaces = 1): Promise<BenchProduct> {
    const deps = depsOf(product);
    try {
      const [demo] = await listShards(deps);
      const others = await addWorkspaces(deps, workspaces - 1, demo?.partitions ?? 1);
      return new BenchProduct(product, [product.keys.writeKey, ...others], await listShards(deps), deps);
    } catch (error) {
      await disconnect(deps);
      await product.stop();
      throw error;
    }
  }

  /** Sends to all workspaces in turn. Customers are shared out among them. */
  load(options: Omit<LoadOptions, 'url' | 'writeKey'>): Promise<LoadFigures> {
    const customers = Math.max(1, Math.round((options.customers ?? 100_000) / this.writeKeys.length));
    return load({ ...options, customers, url: this.product.collectorUrl, writeKey: this.writeKeys });
  }

  /**
   * Waits until both groups have done everything that was appended; nothing may be sent meanwhile. Where all is done is not
   * looked at again, so that thousands of partitions do not make the waiting dear.
   * @returns seconds it took
   * @throws when that takes ten minutes
   */
  async drain(): Promise<number> {
    const began = Date.now();
    let left = this.places();
    for (;;) {
      const standings = await this.standings(left);
      left = left.filter((_, index) => (standings[index]?.unfinished ?? 0) > 0);
      const seconds = (Date.now() - began) / 1_000;
      if (left.length === 0) return seconds;
      if (seconds > DRAIN_LIMIT_SECONDS)
        throw new Error(`${left.length} partitions are still not drained after ten minutes`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Events that both groups have done. */
  async processed(): Promise<number> {
    return (await this.standings(this.places())).reduce((sum, { done }) => sum + done, 0);
  }

  private places(): PartitionPlace[] {
    return this.shards.flatMap(({ shardId, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ shardId, partition })),
    );
  }

  /** Events that both groups have done; and those that one has not, with the outputs that are not archived. */
  private async standings(
    places: readonly PartitionPlace[],
  ): Promise<{ done: number; unfinished: number }[]> {
    const looks = this.deps.logRedis.pipeline();
    for (const { shardId, partition } of places) {
      looks.get(countKey(shardId, partition));
      for (const group of GROUPS) looks.hget(offsetKey(shardId, partition, group), 'n');
      looks.xlen(partitionKeys(shardId, partition).out);
    }
    const found = valuesOf(await looks.exec()).map((value) => Number(value ?? 0));
    return places.map((_, index) => {
      const [appended = 0, main = 0, archive = 0, out = 0] = found.slice(index * 4, index * 4 + 4);
      const done = Math.min(main, archive);
      return { done, unfinished: appended - done + out };
    });
  }

  /** Processor time of all there is of the product until now, and of each of its processes with what is below it, µs. */
  cpu(): { all: number; byProcess: Record<string, number> } {
    const accounts = allAccounts();
    const kept = readFileSync(join(this.product.dataDir, 'run', 'processes.json'), 'utf8');
    const running: { name: string; pid: number }[] = JSON.parse(kept);
    const byProcess = running.map(({ name, pid }) => [name, cpuMicros(pid, accounts)] as const);
    return { all: cpuMicros(this.product.pid, accounts), byProcess: Object.fromEntries(byProcess) };
  }

  /** Lets go of the stores; the product goes on. */
  disconnect(): Promise<void> {
    return disconnect(this.deps);
  }

  async stop(): Promise<void> {
    await this.disconnect();
    await this.product.stop();
  }
}

function depsOf(product: OwnProduct): Deps {
  const addresses = JSON.parse(readFileSync(join(product.dataDir, 'run', 'addresses.json'), 'utf8'));
  return {
    db: createPrisma(addresses.DATABASE_URL, { applicationName: 'bench', maxConnections: 2 }),
    logRedis: createRedis(addresses.REDIS_URL, { name: 'bench' }),
    queueRedis: createRedis(addresses.QUEUE_REDIS_URL, { name: 'bench' }),
    now: systemClock,
    newId: randomId,
  };
}

async function disconnect({ db, logRedis, queueRedis }: Deps): Promise<void> {
  logRedis.disconnect();
  queueRedis.disconnect();
  await db.$disconnect();
}

/** @returns a write key of each */
async function addWorkspaces(deps: Deps, count: number, partitions: number): Promise<string[]> {
  const writeKeys: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const workspaceId = await ensureWorkspace(deps, {
      name: `Bench ${number}`,
      slug: `bench-${number}`,
      currency: 'USD',
      timeZone: 'UTC',
      region: 'local',
      partitions,
    });
    const form = { name: 'Bench traffic', platform: null, eventsPerSec: 1_000_000 };
    writeKeys.push((await createSource(deps, { workspaceId, userId: null }, form)).writeKey);
  }
  return writeKeys;
}
