import type { Producer } from '@platformatic/kafka';

/** What travels together in one request: beyond it, the rest waits for the next. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface TopicPack {
  topic: string;
  partition: number;
  /** claim and number of events, for the reader */
  key: string | null;
  value: string;
}

interface Waiting {
  packs: readonly TopicPack[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Sends packs in the order given, one request at a time: what comes while one is on its way travels with the next. So the
 * order of a partition is that of the calls, and a busy log gets few, large batches.
 */
export class PackProducer {
  readonly #producer: Producer<Buffer, Buffer, Buffer, Buffer>;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(producer: Producer<Buffer, Buffer, Buffer, Buffer>) {
    this.#producer = producer;
  }

  /** Resolves when every in-sync broker has the packs. @throws when that is not known; they may be in the log or not */
  send(packs: readonly TopicPack[]): Promise<void> {
    if (packs.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const bytes = packs.reduce((sum, { value }) => sum + value.length, 0);
      this.#waiting.push({ packs, bytes, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const together = this.#next();
      try {
        await this.#producer.send({ messages: together.flatMap(({ packs }) => packs.map(messageOf)) });
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#running = false;
  }

  #next(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > MOST_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

function messageOf({ topic, partition, key, value }: TopicPack) {
  return { topic, partition, value: Buffer.from(value), ...(key === null ? {} : { key: Buffer.from(key) }) };
}
