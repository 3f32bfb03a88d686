import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestDatabase } from '@/server/platform/testing/test-database';
import type { TestRedis } from '@/server/platform/testing/test-redis';

export type WorkerGroup = 'main' | 'archive' | 'metrics';

/** A worker process as the product starts it, for tests that kill it. */
export class TestWorker {
  #child: ChildProcess | undefined;

  constructor(
    readonly group: WorkerGroup,
    readonly stores: { database: TestDatabase; redis: TestRedis; idleMs: number },
  ) {}

  /** Resolves when the process says that it works. */
  async start(): Promise<void> {
    const { database, redis, idleMs } = this.stores;
    const child = spawn(process.execPath, ['--import', 'tsx', 'workers/stream.ts', '--only', this.group], {
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        DATABASE_URL: database.urls.app,
        WORKER_DATABASE_URL: database.urls.worker,
        BULK_DATABASE_URL: database.urls.bulk,
        REDIS_URL: redis.url,
        QUEUE_REDIS_URL: redis.queueUrl,
        IDLE_MS: String(idleMs),
        LOG_LEVEL: 'fatal',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() =>
        Promise.reject(new Error(`The ${this.group} worker ended at its start.`)),
      ),
    ]);
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
