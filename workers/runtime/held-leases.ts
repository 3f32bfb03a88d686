import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { Logger } from '@/server/platform/logger';
import { epochKey, type Group, parsePartitionName } from '@/server/scaling';
import { HeldLease } from './held-lease';

/** Who works on partitions: the loop of a group. */
export interface PartitionHost {
  /** Works on the partition; resolves when it has been given up. */
  hold(shardId: number, partition: number, epoch: string): Promise<void>;
  /** Gives up partitions at the next safe point. */
  yieldPartitions(names: readonly string[]): void;
}

export interface HeldLeasesOptions {
  group: Group;
  logRedis: Redis;
  now: Clock;
  host: PartitionHost;
  logger: Logger;
}

/** The leases this process has, and what is worked on under each. */
export class HeldLeases {
  readonly #options: HeldLeasesOptions;
  readonly #leases = new Map<string, HeldLease>();

  constructor(options: HeldLeasesOptions) {
    this.#options = options;
  }

  get names(): string[] {
    return [...this.#leases.keys()];
  }

  has(name: string): boolean {
    return this.#leases.has(name);
  }

  /** What is worked on under a lease. */
  partitionsOf(name: string): string[] {
    return this.#leases.get(name)?.partitions ?? [];
  }

  /**
   * A lease came here.
   * @param isMine whether the lock of its job is still this process's; renews it
   * @returns resolves when the lease has been given up
   */
  async begin(name: string, isMine: () => Promise<boolean>): Promise<void> {
    const lease = new HeldLease(name, isMine, this.#options.now());
    // The same process may get a job again whose lock it could not renew in time.
    const before = this.#leases.get(name);
    this.#leases.set(name, lease);
    for (const partition of before?.partitions ?? []) this.want(name, partition);
    before?.leave();
    await lease.ended;
    if (this.#leases.get(name) === lease) this.#leases.delete(name);
  }

  /** A partition of a lease has work. @returns false when the lease is not held here */
  want(name: string, partition: string): boolean {
    const lease = this.#leases.get(name);
    // Those that come together are taken together.
    if (lease?.want(partition)) setImmediate(() => void this.#take(lease));
    return lease !== undefined;
  }

  /** Lets go of a lease at the next safe point. @returns whether it was held and was not leaving yet */
  drop(name: string): boolean {
    const lease = this.#leases.get(name);
    if (!lease || lease.isLeaving) return false;
    lease.leave();
    this.#options.host.yieldPartitions(lease.partitions);
    return true;
  }

  /** Names of leases under which nothing has been worked on since then, ms. */
  emptySince(at: number): string[] {
    return [...this.#leases.values()]
      .filter(({ emptySince }) => emptySince !== null && emptySince < at)
      .map(({ name }) => name);
  }

  /** Each ends once its partitions are given up; none takes another. */
  leave(): void {
    for (const lease of this.#leases.values()) lease.leave();
  }

  /** Takes what is wanted under a lease, unless its lock is somebody else's by now. */
  async #take(lease: HeldLease): Promise<void> {
    const names = lease.reserve();
    if (names.length === 0) return;
    const isMine = await lease.isMine().catch(() => false);
    if (!isMine && this.#leases.get(lease.name) === lease) this.drop(lease.name);
    await Promise.all(names.map((name) => this.#work(lease, name)));
  }

  async #work(lease: HeldLease, name: string): Promise<void> {
    const { group, logRedis, host, now, logger } = this.#options;
    const place = parsePartitionName(name);
    try {
      if (!place || lease.isLeaving) return;
      const epoch = await logRedis.incr(epochKey(place.shardId, place.partition, group));
      if (!lease.isLeaving) await host.hold(place.shardId, place.partition, String(epoch));
    } catch (error) {
      logger.warn({ err: error, partition: name }, 'a partition could not be taken and will be tried again');
    } finally {
      lease.release(name, now());
    }
  }
}
