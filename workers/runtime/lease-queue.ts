import { type ConnectionOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { QUEUE_PREFIX } from '@/server/platform/queue';
import type { Group } from '@/server/scaling';

export interface LeaseJob {
  /** of the lease */
  name: string;
  /** what its last holder worked on, where it said so */
  partitions: readonly string[];
}

export function leaseQueueName(group: Group): string {
  return `stream-${group}`;
}

/** Leases that wait for a hand: the producing side of the queue. */
export class LeaseQueue {
  readonly #queue: Queue<LeaseJob>;
  readonly #queueRedis: Redis;

  constructor(group: Group, connection: ConnectionOptions, queueRedis: Redis) {
    this.#queueRedis = queueRedis;
    this.#queue = new Queue(leaseQueueName(group), { connection, prefix: QUEUE_PREFIX });
    this.#queue.on('error', () => undefined);
  }

  waiting(): Promise<number> {
    return this.#queue.getWaitingCount();
  }

  /** Leases that have a job already keep the one they have. */
  async add(leases: readonly LeaseJob[]): Promise<void> {
    if (leases.length === 0) return;
    await this.#queue.addBulk(
      leases.map((data) => ({
        name: 'lease.hold',
        data,
        opts: { jobId: data.name, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  /** To add a job that is there already is dear for nothing, and many may wait for a hand. */
  async addMissing(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const looks = this.#queueRedis.pipeline();
    for (const name of names) looks.exists(this.#queue.toKey(name));
    const found = valuesOf(await looks.exec());
    const missing = names.filter((_, index) => found[index] !== 1);
    await this.add(missing.map((name) => ({ name, partitions: [] })));
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
