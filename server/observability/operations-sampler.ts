import { CounterWindow, type PartitionCounters } from './counter-window';
import { type FlowCounts, flowCounters } from './flow.connector';
import type { LagReading } from './lag-reading';
import type { MetricReading } from './metric-catalogue';
import { readingsOf } from './metric-readings';
import {
  COURSE_METRICS,
  type CourseMetric,
  type CoursePoint,
  type OperationsSnapshot,
} from './operations.schema';
import { CourseKeeper, snapshotOf } from './operations-snapshot';
import { SharedReadings } from './shared-readings';

/** How far behind the processors are, and where the shards are that they work on. */
export interface LagOfShards {
  regions: OperationsSnapshot['lag']['regions'];
  readings: LagReading[];
}

/** What the sampler cannot see in the aggregates, read once a second. */
export interface SamplerPorts {
  now: () => number;
  /** ISO 4217, of the workspace */
  currency: string;
  readLag(): Promise<LagOfShards>;
  readFlow(): Promise<FlowCounts[]>;
  /** what the process that judges thresholds reads now; null when it has said nothing */
  readShared(): Promise<{ at: number; readings: MetricReading[] } | null>;
  /** kept samples of the last quarter of an hour */
  readCourse(metric: CourseMetric): Promise<CoursePoint[]>;
  onError(error: unknown): void;
}

const SLOW_EVERY_MS = 1_000;
/** A lag that could not be read again for so long is no longer shown as known. */
const LAG_KEPT_MS = 3_000;

/**
 * Makes the Operations screen's data of a workspace: `sample` is called every 250 ms with the aggregates of all its
 * partitions; lag and flow are read once a second beside it and never waited for.
 */
export class OperationsSampler {
  #ports: SamplerPorts;
  #counters = new CounterWindow();
  #flow = new CounterWindow();
  #courses = new CourseKeeper();
  #shared = new SharedReadings();
  #partitions: readonly PartitionCounters[] = [];
  #lag: ({ at: number } & LagOfShards) | null = null;
  #slowAt = 0;
  #closed = false;

  constructor(ports: SamplerPorts) {
    this.#ports = ports;
    for (const metric of COURSE_METRICS) {
      ports.readCourse(metric).then((points) => this.#courses.seed(metric, points), ports.onError);
    }
  }

  sample(partitions: readonly PartitionCounters[]): OperationsSnapshot {
    const now = this.#ports.now();
    this.#partitions = partitions;
    this.#counters.observe(now, partitions);
    if (now - this.#slowAt >= SLOW_EVERY_MS) {
      this.#slowAt = now;
      void this.#readSlow();
    }
    return this.#make(now, true);
  }

  snapshot(): OperationsSnapshot {
    return this.#make(this.#ports.now(), false);
  }

  close(): void {
    this.#closed = true;
  }

  #make(now: number, note: boolean): OperationsSnapshot {
    const lag = this.#lag !== null && now - this.#lag.at <= LAG_KEPT_MS ? this.#lag : null;
    const own = readingsOf({
      now,
      counters: this.#counters,
      flow: this.#flow,
      partitions: this.#partitions,
      lag: lag?.readings ?? null,
      regions: this.#lag?.regions ?? [],
      currency: this.#ports.currency,
      // Told by the process that recomputes, among the shared readings.
      stateHealth: null,
    });
    const readings = this.#shared.over(own, now);
    if (note) this.#courses.note(now, readings);
    return snapshotOf({
      now,
      readings,
      partitions: this.#partitions,
      courses: this.#courses.get(now),
      counters: this.#counters,
      flow: this.#flow,
      lag,
    });
  }

  async #readSlow(): Promise<void> {
    const { now, readLag, readFlow, readShared, onError } = this.#ports;
    const [lag, flow, shared] = await Promise.allSettled([readLag(), readFlow(), readShared()]);
    if (this.#closed) return;
    if (lag.status === 'fulfilled') this.#lag = { ...lag.value, at: now() };
    if (flow.status === 'fulfilled') this.#flow.observe(now(), flowCounters(flow.value));
    if (shared.status === 'fulfilled') this.#shared.take(shared.value);
    for (const each of [lag, flow, shared]) if (each.status === 'rejected') onError(each.reason);
  }
}
