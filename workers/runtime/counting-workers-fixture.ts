import { pino } from 'pino';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, encodeEvent, RedisEventLog } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { createMetrics } from '@/server/platform/metrics';
import { queueConnection } from '@/server/platform/queue';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { partitionKeys } from '@/server/scaling';
import { subscribe } from './doorbell';
import { LeaseManager } from './lease-manager';
import { MainGroup } from './main-group';
import { createStreamMetrics } from './stream-metrics';
import { countingProcessor } from './testing-processor';

const logger = pino({ level: 'silent' });

interface RunningWorker {
  readonly group: MainGroup;
  stop(): Promise<void>;
}

/** Workers of the main group that count the events of each customer, on a log and a queue of their own. */
export class CountingWorkers {
  readonly #running: RunningWorker[] = [];
  #sent = 0;

  private constructor(
    readonly partitions: number,
    readonly redis: Redis,
    readonly queueRedis: Redis,
    readonly log: RedisEventLog,
    private readonly urls: { url: string; queueUrl: string },
  ) {}

  static async create(partitions: number): Promise<CountingWorkers> {
    const server = await testRedis();
    const redis = createRedis(server.url, { name: 'test-log' });
    const queueRedis = createRedis(server.queueUrl, { name: 'test-queue' });
    const ids = { dedupMs: 3_600_000, dedupMaxBytes: 1e9, idScope: 'shard' as const };
    const log = new RedisEventLog({ redis, queueRedis, now: Date.now, ...ids });
    return new CountingWorkers(partitions, redis, queueRedis, log, server);
  }

  async close(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.stop();
    this.redis.disconnect();
    this.queueRedis.disconnect();
  }

  /** An event that is later than all before it. */
  event(shardId: number, customer: string, more: Partial<CustomerEvent> = {}): CustomerEvent {
    this.#sent += 1;
    return plainEvent(`m${shardId}.${this.#sent}`, customer, { t: 1_000 + this.#sent, ...more });
  }

  async append(shardId: number, events: CustomerEvent[]): Promise<void> {
    const encoded = events.map((one) => encodeEvent(one, one.id, this.partitions));
    await this.log.append({ shardId, events: encoded, deadLetters: [] });
  }

  /** One event of each of these customers. */
  async appendOf(shardId: number, customers: readonly string[]): Promise<void> {
    await this.append(
      shardId,
      customers.map((customer) => this.event(shardId, customer)),
    );
  }

  async start(shardIds: readonly number[], worker: string, timerAfterMs?: number): Promise<RunningWorker> {
    const { log, queueRedis, partitions } = this;
    const redis = createRedis(this.urls.url, { name: worker, resend: false });
    const processor = countingProcessor({ timerAfterMs });
    const group = new MainGroup({
      log,
      redis,
      readers: [redis],
      queueRedis,
      now: Date.now,
      idleMs: 300,
      plans: {
        get: (shardId) => (shardIds.includes(shardId) ? { shardId, partitions, processor } : undefined),
        shardIds: () => [...shardIds],
      },
      metrics: createStreamMetrics(createMetrics(worker)),
      logger,
    });
    const leases = new LeaseManager({
      group: 'main',
      worker,
      connection: (use) => queueConnection(this.urls.queueUrl, worker, use),
      logRedis: redis,
      queueRedis,
      now: Date.now,
      host: group,
      logger,
    });
    const doorbell = (name: string) => {
      group.ring(name);
      leases.rung(name);
    };
    const silence = subscribe(queueRedis, { doorbell }, () => undefined);
    group.start();
    await leases.start();
    const running = {
      group,
      stop: async () => {
        silence();
        await leases.stop(() => group.stop());
        redis.disconnect();
      },
    };
    this.#running.push(running);
    return running;
  }

  /** Ends one worker as a deployment does. */
  async stop(worker: RunningWorker): Promise<void> {
    this.#running.splice(this.#running.indexOf(worker), 1);
    await worker.stop();
  }

  /** Ends all, and forgets their jobs. */
  async stopAll(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.stop();
    await this.queueRedis.flushdb();
  }

  /** Events counted of a customer. */
  async countOf(shardId: number, customer: string): Promise<number> {
    const keys = partitionKeys(shardId, partitionOf(customer, this.partitions));
    const text = await this.redis.hget(keys.state, customer);
    return text === null ? 0 : countIn(text);
  }

  /** Events counted of all customers of a shard. */
  async total(shardId: number): Promise<number> {
    let sum = 0;
    for (let partition = 0; partition < this.partitions; partition += 1) {
      for (const text of await this.redis.hvals(partitionKeys(shardId, partition).state))
        sum += countIn(text);
    }
    return sum;
  }
}

function countIn(text: string): number {
  return (JSON.parse(text) as { count: number }).count;
}
