import type { ChoiceOption } from './choice-option.schema';

const OURS = 'README.md';
const KINESIS_QUOTAS = 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html';
const KAFKA = 'https://kafka.apache.org/documentation/';
const REDIS_STREAMS = 'https://redis.io/docs/latest/develop/data-types/streams/';
const PULSAR = 'https://pulsar.apache.org/docs/4.0.x/';

/** What one Redis holds of a log before its machine is the limit: our own judgement, GB. */
const LOG_MEMORY_GB = 64;
/** Acknowledged and fsynced by one Redis with packed entries on two cores: our own measurement, events/s. */
const REDIS_EVENTS_PER_SECOND = 100_000;

/** The logs that are compared. Facts were read at their sources in November 2026. */
export const LOG_OPTIONS: readonly ChoiceOption[] = [
  {
    key: 'redis-streams',
    subject: 'log',
    name: 'Redis Streams',
    about:
      'Built in. One process to run, in memory with an append-only file; fast until one machine is full.',
    limits: {
      ownMachines: true,
      eventsPerSecond: REDIS_EVENTS_PER_SECOND,
      memoryGb: LOG_MEMORY_GB,
      ownServers: false,
      managed: true,
    },
    facts: [
      { about: 'residency', text: 'Runs wherever Millrace runs; started with it.', source: OURS },
      {
        about: 'throughput',
        text: 'About 100,000 events/s acknowledged with every write fsynced, packed, on two cores.',
        source: 'npm run bench',
      },
      {
        about: 'ordering',
        text: 'Entries of a stream have ids that only grow: total order in a stream, one stream a partition.',
        source: REDIS_STREAMS,
      },
      {
        about: 'retention',
        text: 'A stream is held in memory and trimmed by length or by least id; days beyond that are read from the archive.',
        source: REDIS_STREAMS,
      },
      { about: 'people', text: 'No servers beyond those of the product.', source: OURS },
    ],
  },
  {
    key: 'kafka',
    subject: 'log',
    name: 'Apache Kafka',
    about: 'A replicated log on disk over many brokers. For those who have outgrown one machine.',
    limits: { ownMachines: true, ownServers: true, managed: true },
    facts: [
      {
        about: 'residency',
        text: 'Brokers run on machines of one’s own or as a service in a chosen region.',
        source: `${KAFKA}#gettingStarted`,
      },
      {
        about: 'throughput',
        text: 'Grows with partitions and brokers; a topic’s partitions are spread over the cluster.',
        source: `${KAFKA}#intro_concepts_and_terms`,
      },
      {
        about: 'ordering',
        text: 'Order holds within a partition; total order needs a topic of one partition.',
        source: `${KAFKA}#intro_concepts_and_terms`,
      },
      {
        about: 'retention',
        text: 'By time or size per topic (seven days unless set), bounded by disk; older segments can be tiered.',
        source: `${KAFKA}#topicconfigs_retention.ms`,
      },
      {
        about: 'people',
        text: 'Brokers and controllers are servers of their own that somebody runs or rents.',
        source: `${KAFKA}#kraft`,
      },
    ],
  },
  {
    key: 'kinesis',
    subject: 'log',
    name: 'Amazon Kinesis',
    about: 'A log as a service in AWS regions, bought by the shard or on demand.',
    limits: {
      ownMachines: false,
      perUnit: { eventsPerSecond: 1_000, bytesPerSecond: 1_000_000 },
      retentionDays: 365,
      ownServers: false,
      managed: true,
    },
    facts: [
      { about: 'residency', text: 'In AWS regions only.', source: KINESIS_QUOTAS },
      {
        about: 'throughput',
        text: 'A shard takes 1,000 records or 1 MB a second and gives 2 MB; an account has 200 or 500 shards until more are asked for.',
        source: KINESIS_QUOTAS,
      },
      {
        about: 'ordering',
        text: 'Order holds within a shard, to which a partition key leads.',
        source: 'https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html',
      },
      {
        about: 'retention',
        text: 'A day unless set, 365 days at most.',
        source: 'https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html',
      },
      { about: 'people', text: 'No servers to run.', source: KINESIS_QUOTAS },
    ],
  },
  {
    key: 'pulsar',
    subject: 'log',
    name: 'Apache Pulsar',
    about:
      'Brokers without state over replicated storage; many tenants, copies between regions, tiers of storage.',
    limits: { ownMachines: true, ownServers: true, managed: true },
    facts: [
      {
        about: 'residency',
        text: 'Runs on machines of one’s own; namespaces are replicated to chosen regions.',
        source: `${PULSAR}concepts-replication`,
      },
      {
        about: 'throughput',
        text: 'Grows with brokers and storage nodes, each by itself.',
        source: `${PULSAR}concepts-architecture-overview`,
      },
      {
        about: 'ordering',
        text: 'Order holds within a partition, and per key with a key-shared subscription.',
        source: `${PULSAR}concepts-messaging`,
      },
      {
        about: 'retention',
        text: 'What is acknowledged goes at once unless a namespace retains it by time or size; sealed segments can be offloaded.',
        source: `${PULSAR}concepts-tiered-storage`,
      },
      {
        about: 'people',
        text: 'Brokers, storage nodes and a metadata store: three kinds of servers to run.',
        source: `${PULSAR}concepts-architecture-overview`,
      },
    ],
  },
];
