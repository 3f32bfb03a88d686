import { type FeedData, MAX_ITEMS } from './live.schema';
import type { Publish, TopicSource } from './topic-source';

/** Messages a feed gathers into one push, in ms: a burst is one repaint. */
const GATHER_MS = 100;

/** A bounded list of what was published for a topic, oldest first: alerts, edits, hits, what just arrived. */
export class FeedSource implements TopicSource {
  #publish: Publish;
  #items: unknown[] = [];
  #pending: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #at: number | null = null;
  #close: () => void = () => undefined;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** What to undo when the room empties. */
  onClose(close: () => void): void {
    this.#close = close;
  }

  add(item: unknown, at: number): void {
    this.#at = at;
    this.#items.push(item);
    if (this.#items.length > MAX_ITEMS) this.#items.shift();
    this.#pending.push(item);
    if (this.#pending.length > MAX_ITEMS) this.#pending.shift();
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  snapshot() {
    return { at: this.#at, data: { items: [...this.#items] } satisfies FeedData };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#close();
  }

  #flush(): void {
    this.#timer = undefined;
    const items = this.#pending;
    this.#pending = [];
    this.#publish('append', this.#at, { items } satisfies FeedData);
  }
}
