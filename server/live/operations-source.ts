import type { PartitionCounters } from '@/server/observability';
import type { Publish, TopicSource } from './topic-source';

/** At most four pushes a second. */
const EVERY_MS = 250;

/** Turns aggregates into what the Operations screen shows; keeps the last quarter of an hour. */
export interface OperationsReader {
  /** Called every 250 ms. Its answer is pushed. */
  sample(aggregates: readonly PartitionCounters[]): unknown | Promise<unknown>;
  /** The whole for a newcomer. */
  snapshot(): unknown | Promise<unknown>;
  close?(): void;
}

/** The room `operations`: sampled while somebody looks. */
export class OperationsSource implements TopicSource {
  #publish: Publish;
  #reader: OperationsReader;
  #read: () => { at: number | null; aggregates: PartitionCounters[] };
  #timer: NodeJS.Timeout;
  #busy = false;

  constructor(
    publish: Publish,
    reader: OperationsReader,
    read: () => { at: number | null; aggregates: PartitionCounters[] },
  ) {
    this.#publish = publish;
    this.#reader = reader;
    this.#read = read;
    this.#timer = setInterval(() => void this.#sample(), EVERY_MS);
    this.#timer.unref();
  }

  async snapshot() {
    const { at } = this.#read();
    return { at, data: await this.#reader.snapshot() };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#reader.close?.();
  }

  async #sample(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const { at, aggregates } = this.#read();
      this.#publish('whole', at, await this.#reader.sample(aggregates));
    } finally {
      this.#busy = false;
    }
  }
}
