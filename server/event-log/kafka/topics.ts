import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import { SettingError } from '@/server/platform/env';
import { kafkaLibrary } from './kafka-library';

/** With fewer brokers every one keeps a copy. */
const MOST_REPLICAS = 3;
/** A pack of one partition is far smaller; what is sent together may add up. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const TOPIC_RESOURCE = 2;
/** A broker that is busy hears of a new topic so long after it was made, ms, and until then knows of none. */
const HEARD_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 50;

export interface TopicOptions {
  admin: Admin;
  prefix: string;
  /** of every shard */
  partitions: number;
}

/** The topics of the log: one a shard, with as many partitions as the shard. Made when missing, checked when there. */
export class Topics {
  readonly #options: TopicOptions;
  readonly #checked = new Map<number, Promise<string>>();

  constructor(options: TopicOptions) {
    this.#options = options;
  }

  nameOf(shardId: number): string {
    return `${this.#options.prefix}.${shardId}`;
  }

  /**
   * @returns its name, once the topic is there and fit
   * @throws SettingError saying what is wrong with the topic, and how to mend it
   */
  ensure(shardId: number): Promise<string> {
    const known = this.#checked.get(shardId);
    if (known) return known;
    const checking = this.#ensure(this.nameOf(shardId));
    this.#checked.set(shardId, checking);
    checking.catch(() => this.#checked.delete(shardId));
    return checking;
  }

  async #ensure(topic: string): Promise<string> {
    const { admin, partitions } = this.#options;
    const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
    const replicas = Math.min(MOST_REPLICAS, brokers.size);
    if (!(await admin.listTopics()).includes(topic)) await this.#create(topic, replicas);
    const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
    const there = metadata.topics.get(topic);
    if (there && there.partitionsCount !== partitions) {
      throw new SettingError(
        'PARTITIONS',
        `is ${partitions}, but the topic ${topic} has ${there.partitionsCount} partitions; a customer's partition ` +
          'never changes, so set PARTITIONS to that, or give an empty KAFKA_TOPIC_PREFIX of its own to a new installation',
      );
    }
    const copies = there?.partitions[0]?.replicas.length ?? replicas;
    const [described] = await admin.describeConfigs({
      resources: [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null }],
    });
    const configs = new Map(described?.configs.map(({ name, value }) => [name, value ?? '']));
    const wrong = Object.entries(demandsOf(copies)).filter(([name, value]) => configs.get(name) !== value);
    if (wrong.length === 0) return topic;
    const changes = wrong.map(
      ([name, value]) => `${name}=${value} (it is ${configs.get(name) ?? 'not set'})`,
    );
    throw new SettingError(
      'EVENT_LOG',
      `is kafka, and the topic ${topic} could lose events or their order in time; set on it ${changes.join(', ')}`,
    );
  }

  /** Makes a topic that another process may make at the same moment, and waits until the brokers know it. */
  async #create(topic: string, replicas: number): Promise<void> {
    const { admin, partitions } = this.#options;
    const configs = Object.entries({
      ...demandsOf(replicas),
      'max.message.bytes': String(MAX_MESSAGE_BYTES),
    }).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [topic], partitions, replicas, configs }).catch((error: Error) => {
      if (!kafkaLibrary().findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error;
    });
    const deadline = Date.now() + HEARD_WITHIN_MS;
    while (!(await this.#isKnown(topic)) && Date.now() < deadline) await pause(LOOK_AGAIN_MS);
  }

  #isKnown(topic: string): Promise<boolean> {
    return this.#options.admin.metadata({ topics: [topic], forceUpdate: true }).then(
      () => true,
      () => false,
    );
  }
}

/**
 * What a topic must be set to. Kafka drops nothing by itself, since it cannot know who has not read: what every group has
 * processed is deleted by its readers (`trim`). Log time is the broker's. Two copies, or else the disk, before an answer.
 */
function demandsOf(copies: number): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'message.timestamp.type': 'LogAppendTime',
    'unclean.leader.election.enable': 'false',
    ...(copies > 1 ? { 'min.insync.replicas': '2' } : { 'flush.messages': '1' }),
  };
}
