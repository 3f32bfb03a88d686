import { hostname } from 'node:os';
import { SECOND_MS } from '@/server/core/durations';
import { thisBuild } from '@/server/platform/build';
import { queueRedis, randomId } from '@/server/platform/connections';
import type { Logger } from '@/server/platform/logger';
import { systemClock } from '@/server/platform/system-clock';
import {
  type ModuleInstance,
  type ModuleKey,
  removeInstance,
  TELL_EVERY_MS,
  tellInstance,
} from '@/server/scaling';

/** A process that stops waits no longer than this for its last word. */
const LAST_WORD_MS = SECOND_MS / 2;

/** Says every few seconds, from when the process works until it stops, which modules run in it and of which build. */
export class ModuleVoice {
  readonly #startedAt = systemClock();
  readonly #instance = randomId('process');
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;

  constructor(
    private readonly modules: readonly ModuleKey[],
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (this.modules.length === 0) return;
    this.#tell();
    this.#timer = setInterval(() => this.#tell(), TELL_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    const instance = this.#instance;
    const said = Promise.all(
      this.modules.map((module) => removeInstance(queueRedis(), { module, instance })),
    );
    const limit = new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS).unref());
    await Promise.race([said.catch(() => undefined), limit]);
  }

  /** One at a time: while Redis is away nothing piles up. */
  #tell(): void {
    this.#telling ??= this.#tellAll()
      .catch((error) => this.logger.warn({ err: error }, 'could not say which modules run here'))
      .finally(() => {
        this.#telling = undefined;
      });
  }

  async #tellAll(): Promise<void> {
    const { version, id } = await thisBuild();
    const common: Omit<ModuleInstance, 'module'> = {
      instance: this.#instance,
      host: hostname(),
      pid: process.pid,
      version,
      build: id,
      startedAt: this.#startedAt,
    };
    for (const module of this.modules) await tellInstance(queueRedis(), { module, ...common }, systemClock());
  }
}
