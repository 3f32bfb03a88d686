import { createListener, type Redis } from '@/server/platform/redis';

type Handler = (text: string) => void;

/**
 * Messages of the queue Redis, on a connection of its own. Lost messages are told of by `onReturn`: after a break
 * everything that is built on messages must be read anew.
 */
export class ChannelFeed {
  #redis: Redis;
  #handlers = new Map<string, Set<Handler>>();
  #returns = new Set<() => void>();
  #wasReady = false;

  constructor(queueRedis: Redis, onError: (error: unknown) => void) {
    this.#redis = createListener(queueRedis);
    this.#redis.on('message', (channel: string, text: string) => {
      for (const handler of this.#handlers.get(channel) ?? []) handler(text);
    });
    this.#redis.on('error', onError);
    this.#redis.on('ready', () => {
      if (this.#wasReady) for (const handler of this.#returns) handler();
      this.#wasReady = true;
    });
  }

  get connected(): boolean {
    return this.#redis.status === 'ready';
  }

  /** Resolves when Redis has taken the subscription. @returns unsubscribe */
  async subscribe(channel: string, handler: Handler): Promise<() => void> {
    const handlers = this.#handlers.get(channel) ?? new Set<Handler>();
    handlers.add(handler);
    this.#handlers.set(channel, handlers);
    if (handlers.size === 1) await this.#redis.subscribe(channel);
    return () => {
      handlers.delete(handler);
      if (handlers.size > 0 || this.#handlers.get(channel) !== handlers) return;
      this.#handlers.delete(channel);
      this.#redis.unsubscribe(channel).catch(() => undefined);
    };
  }

  /** Called when the connection is back after it was lost. @returns unsubscribe */
  onReturn(handler: () => void): () => void {
    this.#returns.add(handler);
    return () => this.#returns.delete(handler);
  }

  async close(): Promise<void> {
    this.#handlers.clear();
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }
}
