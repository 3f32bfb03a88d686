import type { PartitionCounters } from '@/server/observability';
import type { Publish, TopicSource } from './topic-source';

/** Turns aggregates into what a screen shows. */
export interface SampledReader {
  /** Called at each step. Its answer is pushed. */
  sample(aggregates: readonly PartitionCounters[]): unknown | Promise<unknown>;
  /** The whole for a newcomer. */
  snapshot(): unknown | Promise<unknown>;
  close?(): void;
}

/** The rooms `operations`, `streams` and `lag`: sampled while somebody looks. */
export class SampledSource implements TopicSource {
  #publish: Publish;
  #reader: SampledReader;
  #read: () => { at: number | null; aggregates: PartitionCounters[] };
  #timer: NodeJS.Timeout;
  #busy = false;

  constructor(
    publish: Publish,
    reader: SampledReader,
    read: () => { at: number | null; aggregates: PartitionCounters[] },
    everyMs: number,
  ) {
    this.#publish = publish;
    this.#reader = reader;
    this.#read = read;
    this.#timer = setInterval(() => void this.#sample(), everyMs);
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
