import {
  Counter,
  DURATION_BUCKETS_SECONDS,
  Gauge,
  Histogram,
  type MetricsRegistry,
} from '@/server/platform/metrics';

/** Figures of the collector. Labels are bounded: outcomes, reasons and statuses, never names or customers. */
export interface CollectorMetrics {
  taken(events: number, duplicates: number): void;
  refused(reason: string): void;
  answered(status: number, seconds: number): void;
  flushed(events: number, seconds: number): void;
  pending(bytes: number): void;
  dedup(coveredMs: number, bytes: number): void;
  /** A request of so many bytes was refused because processors are too far behind. */
  shed(bytes: number): void;
  /** Workspaces (in a region) of which only a part is let in now. */
  shedding(shards: number): void;
}

export function createCollectorMetrics(registry: MetricsRegistry): CollectorMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'millrace_collector_events',
    help: 'Events by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'millrace_collector_refused',
    help: 'Refused events by reason',
    labelNames: ['reason'],
    registers,
  });
  const answers = new Histogram({
    name: 'millrace_collector_answer_seconds',
    help: 'From the first byte of a request to its answer',
    labelNames: ['status'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const shed = counter('millrace_collector_shed_requests', 'Requests refused because of lag');
  const shedBytes = counter('millrace_collector_shed_bytes', 'Bytes of requests refused because of lag');
  const appends = new Histogram({
    name: 'millrace_collector_append_seconds',
    help: 'Appends until they are on disk',
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const pending = gauge('millrace_collector_pending_bytes', 'Bytes of requests that wait for the log');
  const covered = gauge('millrace_dedup_covered_seconds', 'How far back message ids are known');
  const idBytes = gauge('millrace_dedup_bytes', 'Estimated memory of known message ids');
  const shedding = gauge('millrace_collector_shedding', 'Workspaces of which only a part is let in');
  const statuses = new Map<number, ReturnType<typeof answers.labels>>();
  const outcome = {
    taken: events.labels('taken'),
    duplicate: events.labels('duplicate'),
    refused: events.labels('refused'),
  };
  return {
    taken(count, duplicates) {
      outcome.taken.inc(count - duplicates);
      if (duplicates > 0) outcome.duplicate.inc(duplicates);
    },
    refused(reason) {
      outcome.refused.inc();
      refused.labels(reason).inc();
    },
    answered(status, seconds) {
      const known = statuses.get(status) ?? answers.labels(String(status));
      statuses.set(status, known);
      known.observe(seconds);
    },
    flushed: (_events, seconds) => appends.observe(seconds),
    pending: (bytes) => pending.set(bytes),
    dedup(coveredMs, bytes) {
      covered.set(coveredMs / 1_000);
      idBytes.set(bytes);
    },
    shed(bytes) {
      shed.inc();
      shedBytes.inc(bytes);
    },
    shedding: (shards) => shedding.set(shards),
  };
}
