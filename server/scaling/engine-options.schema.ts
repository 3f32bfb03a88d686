import type { ChoiceOption } from './choice-option.schema';

const OURS = 'README.md';
const FLINK = 'https://nightlies.apache.org/flink/flink-docs-stable/docs/';
const SPARK = 'https://spark.apache.org/docs/latest/streaming/';
const KSQLDB = 'https://docs.confluent.io/platform/current/ksqldb/';

/** What the state of the built-in engine may take: it lives in Redis' memory. Our own judgement, GB. */
const STATE_MEMORY_GB = 64;

/** The engines that are compared. Facts were read at their sources in November 2026. */
export const ENGINE_OPTIONS: readonly ChoiceOption[] = [
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
