import { vi } from 'vitest';
import { RedisEventLog } from '@/server/event-log';
import { type Totals, totals } from '@/server/history/totals.service';
import { randomId } from '@/server/platform/connections';
import type { Deps } from '@/server/platform/deps';
import { createRedis } from '@/server/platform/redis';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { TestWorker, type WorkerGroup } from './worker-fixture';

const IDLE_MS = 400;
/** Until all that was sent is processed, archived and final. */
const FINAL_LIMIT_MS = 180_000;
/** Message ids of a whole test are remembered, ms and bytes. */
const DEDUP = { dedupMs: 1e9, dedupMaxBytes: 1e9 };

/** A database, both Redis and the log on them, with the worker processes a test starts and kills. */
export class RunningStream {
  readonly #workers: TestWorker[] = [];

  private constructor(
    readonly deps: Deps,
    readonly log: RedisEventLog,
    private readonly stores: { database: TestDatabase; redis: TestRedis; idleMs: number },
  ) {}

  static async open(): Promise<RunningStream> {
    // What is read in this process must know when a partition counts as idle, as the workers do.
    vi.stubEnv('IDLE_MS', String(IDLE_MS));
    const [database, redis] = [await testDatabase(), await testRedis()];
    const deps: Deps = {
      db: database.prisma,
      logRedis: createRedis(redis.url, { name: 'test' }),
      queueRedis: createRedis(redis.queueUrl, { name: 'test' }),
      now: Date.now,
      newId: randomId,
    };
    const { logRedis, queueRedis, now } = deps;
    const log = new RedisEventLog({ redis: logRedis, queueRedis, now, ...DEDUP, idScope: 'shard' });
    return new RunningStream(deps, log, { database, redis, idleMs: IDLE_MS });
  }

  /** A workspace with one shard. @returns its place in the log */
  async makeShard(workspaceId: string, partitions: number): Promise<{ shardId: number; partitions: number }> {
    const { db } = this.deps;
    await db.workspace.create({ data: { id: workspaceId, name: workspaceId, slug: workspaceId } });
    const { id } = await db.shard.create({ data: { workspaceId, region: 'test', partitions } });
    return { shardId: id, partitions };
  }

  async startWorker(group: WorkerGroup): Promise<TestWorker> {
    const worker = new TestWorker(group, this.stores);
    this.#workers.push(worker);
    await worker.start();
    return worker;
  }

  /** One worker of every group. */
  async startWorkers(): Promise<void> {
    await Promise.all([this.startWorker('main'), this.startWorker('archive')]);
  }

  /** Ends every worker without warning. */
  async killWorkers(): Promise<void> {
    for (const worker of this.#workers.splice(0)) await worker.kill();
  }

  /** The totals once so many events are in history and nothing is provisional any more. */
  async finalTotals(workspaceId: string, events: number): Promise<Totals> {
    let last: Totals | undefined;
    await until(
      async () => {
        last = await totals(this.deps, workspaceId, { from: null, to: null });
        if (!last.provisional && last.events === events) return true;
        throw new Error(`${last.events} of ${events} events, ${last.provisional ? 'provisional' : 'final'}`);
      },
      { timeoutMs: FINAL_LIMIT_MS, everyMs: 200, what: 'final totals' },
    );
    return last as Totals;
  }

  async close(): Promise<void> {
    await this.killWorkers();
    this.deps.logRedis.disconnect();
    this.deps.queueRedis.disconnect();
    vi.unstubAllEnvs();
  }
}
