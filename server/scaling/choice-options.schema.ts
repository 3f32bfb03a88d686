import type { Subject } from './choice.schema';

/** Something known of an option, in our words, and where its makers say so. */
export interface OptionFact {
  about:
    | 'residency'
    | 'throughput'
    | 'ordering'
    | 'retention'
    | 'guarantee'
    | 'state'
    | 'freshness'
    | 'people';
  text: string;
  source: string;
}

/** Limits that a comparison reckons with; absent: none that matters here. */
export interface OptionLimits {
  /** runs on machines of one's own */
  ownMachines: boolean;
  /** events/s one installation takes */
  eventsPerSecond?: number;
  /** events/s and bytes/s of one unit of order (a partition or shard) */
  perUnit?: { eventsPerSecond: number; bytesPerSecond: number };
  retentionDays?: number;
  /** what must be kept fits into memory, GB */
  memoryGb?: number;
  /** servers of its own that somebody must run */
  ownServers: boolean;
  /** can be bought as a service */
  managed: boolean;
  /** each event changes state once, failures included */
  exactlyOnce?: boolean;
  stateGb?: number;
  /** best freshness with that guarantee, seconds */
  freshnessSeconds?: number;
  /** what comes later than allowed can be kept apart */
  lateKept?: boolean;
}

export interface ChoiceOption {
  key: string;
  subject: Subject;
  name: string;
  about: string;
  limits: OptionLimits;
  facts: readonly OptionFact[];
}

const OURS = 'README.md';
const KINESIS_QUOTAS = 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html';
const KAFKA = 'https://kafka.apache.org/documentation/';
const REDIS_STREAMS = 'https://redis.io/docs/latest/develop/data-types/streams/';
const PULSAR = 'https://pulsar.apache.org/docs/4.0.x/';
const FLINK = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/';
const SPARK = 'https://spark.apache.org/docs/latest/streaming/';
const KSQLDB = 'https://docs.confluent.io/platform/current/ksqldb/';

/** What one Redis holds of a log before its machine is the limit: our own judgement, GB. */
const LOG_MEMORY_GB = 64;
/** What the state of the built-in engine may take: it lives in Redis' memory. Our own judgement, GB. */
const STATE_MEMORY_GB = 64;
/** Acknowledged and fsynced by one Redis with packed entries on two cores: our own measurement, events/s. */
const REDIS_EVENTS_PER_SECOND = 100_000;

/** The logs and engines that are compared. Facts were read at their sources in November 2026. */
export const OPTIONS: readonly ChoiceOption[] = [
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
  {
    key: 'built-in',
    subject: 'engine',
    name: 'Built-in engine',
    about:
      'One commit moves offset, state and outputs of a partition together; corrections within the lateness.',
    limits: {
      ownMachines: true,
      ownServers: false,
      managed: false,
      exactlyOnce: true,
      stateGb: STATE_MEMORY_GB,
      freshnessSeconds: 0.1,
      lateKept: true,
    },
    facts: [
      {
        about: 'guarantee',
        text: 'State changes once per event: a commit with a stale epoch or offset is refused.',
        source: 'docs/adr/0003-commit-and-transfers.md',
      },
      { about: 'state', text: 'Keyed state lives in Redis’ memory beside the log’s offset.', source: OURS },
      {
        about: 'freshness',
        text: 'Events are processed as they come, in batches of what has come.',
        source: OURS,
      },
      { about: 'people', text: 'Starts with the product.', source: OURS },
    ],
  },
  {
    key: 'flink',
    subject: 'engine',
    name: 'Apache Flink',
    about: 'Event time, large state on disk and exact checkpoints, on a cluster of its own.',
    limits: {
      ownMachines: true,
      ownServers: true,
      managed: true,
      exactlyOnce: true,
      freshnessSeconds: 0.1,
      lateKept: true,
    },
    facts: [
      {
        about: 'guarantee',
        text: 'Checkpoints make state exact; end to end it needs sources that replay and sinks that commit.',
        source: `${FLINK}concepts/stateful-stream-processing/`,
      },
      {
        about: 'state',
        text: 'With RocksDB state lies on local disks and may be far larger than memory.',
        source: `${FLINK}ops/state/state_backends/`,
      },
      {
        about: 'freshness',
        text: 'Records flow one by one; windows fire at the watermark and again for late ones that are allowed; later ones can go to a side output.',
        source: `${FLINK}dev/datastream/operators/windows/`,
      },
      {
        about: 'people',
        text: 'A job manager, task managers and storage for checkpoints are run beside the product.',
        source: `${FLINK}concepts/flink-architecture/`,
      },
    ],
  },
  {
    key: 'spark',
    subject: 'engine',
    name: 'Spark Structured Streaming',
    about: 'Small batches on Spark’s SQL engine: one language for streams and tables.',
    limits: {
      ownMachines: true,
      ownServers: true,
      managed: true,
      exactlyOnce: true,
      freshnessSeconds: 0.1,
      lateKept: false,
    },
    facts: [
      {
        about: 'guarantee',
        text: 'Exact with small batches, checkpoints and a write-ahead log; its continuous mode only at least once.',
        source: SPARK,
      },
      {
        about: 'state',
        text: 'Held per executor, in memory or in RocksDB, with change logs in the checkpoint.',
        source: `${SPARK}apis-on-dataframes-and-datasets.html`,
      },
      {
        about: 'freshness',
        text: 'Each small batch is planned anew: a tenth of a second at best.',
        source: SPARK,
      },
      {
        about: 'ordering',
        text: 'Rows behind the watermark are dropped; there is no output for them.',
        source: `${SPARK}apis-on-dataframes-and-datasets.html`,
      },
    ],
  },
  {
    key: 'ksqldb',
    subject: 'engine',
    name: 'ksqlDB',
    about: 'SQL over Kafka topics, on Kafka Streams. Needs Kafka as the log.',
    limits: {
      ownMachines: true,
      ownServers: true,
      managed: true,
      exactlyOnce: true,
      freshnessSeconds: 0.1,
      lateKept: false,
    },
    facts: [
      {
        about: 'guarantee',
        text: 'At least once unless set to exactly once, within Kafka.',
        source: `${KSQLDB}operate-and-deploy/processing-guarantees.html`,
      },
      {
        about: 'state',
        text: 'In RocksDB on each server, with change-log topics from which it is rebuilt.',
        source: `${KSQLDB}operate-and-deploy/capacity-planning.html`,
      },
      {
        about: 'freshness',
        text: 'Updates flow as they come; a window takes late rows until its grace period ends, then drops them.',
        source: `${KSQLDB}concepts/time-and-windows-in-ksqldb-queries.html`,
      },
      {
        about: 'people',
        text: 'Servers of its own beside Kafka’s.',
        source: `${KSQLDB}operate-and-deploy/capacity-planning.html`,
      },
    ],
  },
];

export function optionOf(key: string): ChoiceOption | undefined {
  return OPTIONS.find((option) => option.key === key);
}
