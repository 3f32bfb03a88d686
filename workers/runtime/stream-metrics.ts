import {
  Counter,
  DURATION_BUCKETS_SECONDS,
  Gauge,
  Histogram,
  type MetricsRegistry,
} from '@/server/platform/metrics';

/** What the runtime counts of itself, for `/metrics`. */
export interface StreamMetrics {
  events: Counter;
  commits: Counter<'result'>;
  poisoned: Counter;
  roundFailures: Counter;
  ticks: Counter;
  held: Gauge;
  roundSeconds: Histogram<'part'>;
}

export function createStreamMetrics(registry: MetricsRegistry): StreamMetrics {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'millrace_stream_events_total',
      help: 'Customer events processed and committed',
      registers,
    }),
    commits: new Counter({
      name: 'millrace_stream_commits_total',
      help: 'Commits by result; STALE_EPOCH are those of a worker that had lost its lease',
      labelNames: ['result'],
      registers,
    }),
    poisoned: new Counter({
      name: 'millrace_stream_poisoned_total',
      help: 'Records that the processors threw at',
      registers,
    }),
    roundFailures: new Counter({
      name: 'millrace_stream_round_failures_total',
      help: 'Rounds given up, mostly because Redis was away',
      registers,
    }),
    ticks: new Counter({ name: 'millrace_stream_ticks_total', help: 'Idleness ticks appended', registers }),
    held: new Gauge({
      name: 'millrace_stream_partitions_held',
      help: 'Partitions leased by this process',
      registers,
    }),
    roundSeconds: new Histogram({
      name: 'millrace_stream_round_seconds',
      help: 'Parts of a round',
      labelNames: ['part'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    }),
  };
}
