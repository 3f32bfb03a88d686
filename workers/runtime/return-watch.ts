import type { Redis } from 'ioredis';

/** Notices that a Redis was away: it may have come back without the tail of its file, and without scripts. */
export class ReturnWatch {
  readonly #redis: Redis;
  readonly #onReturn: () => void;
  #isBack = false;

  /** @param onReturn called at every return */
  constructor(redis: Redis, onReturn: () => void = () => undefined) {
    this.#redis = redis;
    this.#onReturn = onReturn;
    redis.on('ready', this.#noteReturn);
  }

  /** Whether it is away, or was since it was asked last with `take`. */
  get wasAway(): boolean {
    return this.#isBack || this.#redis.status !== 'ready';
  }

  /** @returns whether it came back since this was called last */
  take(): boolean {
    const isBack = this.#isBack;
    this.#isBack = false;
    return isBack;
  }

  stop(): void {
    this.#redis.off('ready', this.#noteReturn);
  }

  readonly #noteReturn = () => {
    this.#isBack = true;
    this.#onReturn();
  };
}
