import type { Admin, Producer } from '@platformatic/kafka';
import { SettingError } from '@/server/platform/env';
import { kafkaLibrary } from './kafka-library';
import { PackProducer } from './pack-producer';
import { TopicReader } from './topic-reader';
import { Topics } from './topics';

/** A broker that is away for longer fails an append, which is then sent again by whoever sent it. */
const RETRIES = 4;
const RETRY_DELAY_MS = 300;
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 8_000;
const REQUESTS_IN_FLIGHT = 20;

export interface KafkaOptions {
  /** `host:port` of brokers, joined by commas */
  brokers: string;
  /** Topics are named `<prefix>.<shard>`. */
  topicPrefix: string;
  /** of every shard */
  partitions: number;
}

/** The clients of one process: appends and reads do not wait for each other. */
export class KafkaConnection {
  readonly topics: Topics;
  readonly reader: TopicReader;
  readonly producer: PackProducer;
  readonly #admin: Admin;
  readonly #producer: Producer<Buffer, Buffer, Buffer, Buffer>;

  constructor({ brokers, topicPrefix, partitions }: KafkaOptions) {
    const library = kafkaLibrary();
    const common = {
      clientId: 'millrace',
      bootstrapBrokers: brokers.split(',').map((broker) => broker.trim()),
      connectTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retryDelay: RETRY_DELAY_MS,
    };
    this.#admin = new library.Admin({ ...common, retries: 1, maxInflights: REQUESTS_IN_FLIGHT });
    this.#producer = new library.Producer({ ...common, idempotent: true, retries: RETRIES });
    this.topics = new Topics({ admin: this.#admin, prefix: topicPrefix, partitions });
    this.reader = new TopicReader(this.#admin);
    this.producer = new PackProducer(this.#producer);
  }

  /** @throws SettingError when no broker answers, or a topic cannot be the log of its shard */
  async assertFits(shardIds: readonly number[]): Promise<void> {
    await this.#admin.metadata({ topics: [], forceUpdate: true }).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new SettingError(
        'KAFKA_BROKERS',
        `names brokers that cannot be reached (${why}); start them, or mend the addresses`,
      );
    });
    await Promise.all(shardIds.map((shardId) => this.topics.ensure(shardId)));
  }

  /** Deletes what stands before an offset. @returns how many records that were */
  async dropBefore(topic: string, partition: number, offset: number): Promise<number> {
    const [before = 0] = await this.reader.starts(topic, [partition]);
    if (before >= offset) return 0;
    await this.#admin.deleteRecords({
      topics: [{ name: topic, partitions: [{ partition, offset: BigInt(offset) }] }],
    });
    return offset - before;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#producer.close(true), this.#admin.close()]);
  }
}
