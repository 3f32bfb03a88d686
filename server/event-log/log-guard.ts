import { statfs } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { mastersOf } from '@/server/platform/redis';

/** With less room than this on the disk nothing more is taken: a Redis that cannot write its log ends. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 500;

export interface LogGuardOptions {
  redis: Redis;
  /** Where the log's disk is. */
  folder: string;
  /** Memory of the log Redis at which appends stop until readers have caught up. */
  maxBytes: number;
}

/** Knows whether the log can take more, before it has to fail: a disk that is nearly full, or too much unread. */
export class LogGuard {
  readonly #options: LogGuardOptions;
  #timer: NodeJS.Timeout | undefined;
  #disk: string | null = null;
  #memory: string | null = null;

  constructor(options: LogGuardOptions) {
    this.#options = options;
  }

  /** Why nothing can be taken now; null when it can. */
  readonly refusal = (): string | null => this.#disk ?? this.#memory;

  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const [disk, memory] = await Promise.allSettled([this.#lookAtDisk(), this.#lookAtMemory()]);
    // What cannot be seen is not held against the log: an append will tell.
    this.#disk = disk.status === 'fulfilled' ? disk.value : null;
    this.#memory = memory.status === 'fulfilled' ? memory.value : null;
  }

  async #lookAtDisk(): Promise<string | null> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize < LEAST_FREE_BYTES ? 'The disk of the event log is nearly full.' : null;
  }

  async #lookAtMemory(): Promise<string | null> {
    const used = await Promise.all(
      mastersOf(this.#options.redis).map(async (server) =>
        Number(/used_memory:(\d+)/.exec(await server.info('memory'))?.[1] ?? 0),
      ),
    );
    return used.reduce((sum, bytes) => sum + bytes, 0) > this.#options.maxBytes
      ? 'The event log holds as much as it may until its readers catch up.'
      : null;
  }
}
