import {
  Counter,
  DURATION_BUCKETS_SECONDS,
  Histogram,
  type MetricsRegistry,
} from '@/server/platform/metrics';

export interface ArchiveMetrics {
  rows: Counter;
  refused: Counter;
  failures: Counter;
  restarts: Counter;
  setBacks: Counter;
  batchSeconds: Histogram;
}

export function createArchiveMetrics(registry: MetricsRegistry): ArchiveMetrics {
  const registers = [registry];
  return {
    rows: new Counter({ name: 'millrace_archive_rows_total', help: 'Rows written to history', registers }),
    refused: new Counter({
      name: 'millrace_archive_refused_rows_total',
      help: 'Rows that Postgres would not take, kept as dead letters',
      registers,
    }),
    failures: new Counter({
      name: 'millrace_archive_failures_total',
      help: 'Batches given up and written again, mostly because Postgres was away',
      registers,
    }),
    restarts: new Counter({
      name: 'millrace_archive_restarts_total',
      help: 'Streams read from their start again because the log was lost or set back',
      registers,
    }),
    setBacks: new Counter({
      name: 'millrace_archive_set_backs_total',
      help: 'Partitions found archived further than processed: the log lost a tail it had answered for',
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'millrace_archive_batch_seconds',
      help: 'Time to write a batch',
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    }),
  };
}
