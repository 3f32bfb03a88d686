import { performance } from 'node:perf_hooks';
import type { Clock } from '@/server/core/clock';
import type { LogRecord } from '@/server/event-log';
import { HeavyHitters, type PartitionVitals, partitionName, type WorkerVitals } from '@/server/scaling';
import type { PartitionBatch } from './partition-batch';

/** What is told covers this many slices of this length: 10 s. */
const SLICES = 5;
const SLICE_MS = 2_000;
/** Records of a batch whose customers are looked at: a batch costs the same however large it is. */
const SAMPLES = 32;
const SKETCH_KEYS = 16;
const TOLD_KEYS = 3;
const LEAST_SHARE = 0.05;
/** What is usual is learned while handlers are busy for less of the time, from at least so many records, a little at a time. */
const CALM_SHARE = 0.5;
const FEWEST_RECORDS = 20;
const LEARNING = 0.05;
const LONGEST_KEY = 200;

interface SlicePartition {
  records: number;
  handlerMs: number;
  keys: HeavyHitters;
}

interface Slice {
  startedAt: number;
  handlerMs: number;
  records: number;
  failures: number;
  /** by lane */
  waitMs: number[];
  partitions: Map<string, SlicePartition>;
}

/** Time in which the process had nothing to do so far, ms: what passes of it during a wait was really waited. */
const idleMs = () => performance.eventLoopUtilization().idle;

/** What one loop of a group measures. */
export class LaneMeter {
  /** what was waited so far in the wait that is going on, ms; 0: none */
  waitingMs = 0;
  #isWaiting = false;
  #idleAt = 0;

  constructor(
    private readonly group: VitalsMeter,
    private readonly lane: number,
  ) {}

  /** Counts as waiting the time in which nothing else is done until the store has answered. */
  async wait<T>(answer: Promise<T>): Promise<T> {
    this.#isWaiting = true;
    this.#idleAt = idleMs();
    try {
      return await answer;
    } finally {
      this.settle();
      this.#isWaiting = false;
      this.waitingMs = 0;
    }
  }

  /** Notes what was waited so far. */
  settle(): void {
    if (!this.#isWaiting) return;
    const idle = idleMs();
    const waited = idle - this.#idleAt;
    this.waitingMs += waited;
    this.group.waited(this.lane, waited);
    this.#idleAt = idle;
  }

  failed(): void {
    this.group.failed();
  }

  handled(batch: PartitionBatch, ms: number): void {
    this.group.handled(batch, ms);
  }
}

/**
 * How busy a group of this process is, what it waits for, and whose events it works on, over the last seconds. Costs two
 * readings of a clock and at most `SAMPLES` look-ups a batch.
 */
export class VitalsMeter {
  readonly #lanes: LaneMeter[] = [];
  #slices: Slice[] = [];
  #usualMs: number | null = null;

  constructor(
    readonly now: Clock,
    private readonly waitsFor: WorkerVitals['waitsFor'],
  ) {}

  lane(): LaneMeter {
    const lane = new LaneMeter(this, this.#lanes.length);
    this.#lanes.push(lane);
    return lane;
  }

  waited(lane: number, ms: number): void {
    const { waitMs } = this.#slice();
    waitMs[lane] = (waitMs[lane] ?? 0) + ms;
  }

  failed(): void {
    this.#slice().failures += 1;
  }

  handled({ memory: { set }, entries, records }: PartitionBatch, ms: number): void {
    const slice = this.#slice();
    slice.handlerMs += ms;
    slice.records += records;
    const partition = partitionIn(slice, partitionName(set.shardId, set.partition));
    partition.records += records;
    partition.handlerMs += ms;
    const stride = Math.max(1, records / SAMPLES);
    eachSample(entries, stride, (record) => partition.keys.offer(keyOf(record, set.consent), stride));
  }

  /** What the last seconds were like. Called once a second; learns what is usual. */
  take(): WorkerVitals {
    const now = this.now();
    for (const lane of this.#lanes) lane.settle();
    this.#slice();
    const slices = this.#slices;
    const spanMs = Math.max(1, now - (slices[0]?.startedAt ?? now));
    const sum = (of: (slice: Slice) => number) => slices.reduce((total, slice) => total + of(slice), 0);
    const handlerMs = sum((slice) => slice.handlerMs);
    const records = sum((slice) => slice.records);
    const waits = this.#lanes.map((_, lane) => sum(({ waitMs }) => waitMs[lane] ?? 0));
    const waiting = this.#lanes.map(({ waitingMs }) => waitingMs);
    const handlerShare = Math.min(1, handlerMs / spanMs);
    const msPerEvent = records === 0 ? null : handlerMs / records;
    this.#learn(msPerEvent, records, handlerShare);
    return {
      at: now,
      windowSeconds: spanMs / 1_000,
      waitsFor: this.waitsFor,
      handlerShare,
      waitShare: Math.min(1, Math.max(0, ...waits) / spanMs),
      waitingMs: Math.max(0, ...waiting),
      failures: sum((slice) => slice.failures),
      msPerEvent,
      usualMsPerEvent: this.#usualMs,
      partitions: partitionVitals(slices, spanMs / 1_000),
    };
  }

  /** The slice of now; slices that are too old go. */
  #slice(): Slice {
    const now = this.now();
    const newest = this.#slices.at(-1);
    if (newest && now - newest.startedAt < SLICE_MS) return newest;
    const slice: Slice = {
      startedAt: now,
      handlerMs: 0,
      records: 0,
      failures: 0,
      waitMs: [],
      partitions: new Map(),
    };
    const oldest = now - SLICES * SLICE_MS;
    this.#slices = [...this.#slices.filter(({ startedAt }) => startedAt >= oldest), slice];
    return slice;
  }

  #learn(msPerEvent: number | null, records: number, handlerShare: number): void {
    if (msPerEvent === null || records < FEWEST_RECORDS || handlerShare >= CALM_SHARE) return;
    this.#usualMs =
      this.#usualMs === null ? msPerEvent : this.#usualMs + LEARNING * (msPerEvent - this.#usualMs);
  }
}

function partitionIn({ partitions }: Slice, name: string): SlicePartition {
  const known = partitions.get(name);
  if (known) return known;
  const made = { records: 0, handlerMs: 0, keys: new HeavyHitters(SKETCH_KEYS) };
  partitions.set(name, made);
  return made;
}

/** One record in every stride of a batch, beginning anywhere in the first. */
function eachSample(
  entries: PartitionBatch['entries'],
  stride: number,
  take: (record: LogRecord) => void,
): void {
  let next = Math.random() * stride;
  let passed = 0;
  for (const { records } of entries) {
    for (; next < passed + records.length; next += stride) {
      const record = records[Math.floor(next) - passed];
      if (record) take(record);
    }
    passed += records.length;
  }
}

/** Whose record it is; nothing is said of those who opted out, nor of records that are nobody's. */
function keyOf(record: LogRecord, consent: PartitionBatch['memory']['set']['consent']): string {
  if (record.k !== 'e') return '';
  const isOptedOut = (consent.get(record.c)?.denied.length ?? 0) > 0;
  return isOptedOut ? '' : record.c.slice(0, LONGEST_KEY);
}

function partitionVitals(slices: readonly Slice[], seconds: number): Record<string, PartitionVitals> {
  const sums = new Map<string, { records: number; handlerMs: number; keys: Map<string, number> }>();
  for (const slice of slices) {
    for (const [name, { records, handlerMs, keys }] of slice.partitions) {
      const sum = sums.get(name) ?? { records: 0, handlerMs: 0, keys: new Map() };
      sums.set(name, sum);
      sum.records += records;
      sum.handlerMs += handlerMs;
      for (const { key, weight } of keys.top(SKETCH_KEYS)) {
        sum.keys.set(key, (sum.keys.get(key) ?? 0) + weight);
      }
    }
  }
  return Object.fromEntries(
    [...sums].map(([name, { records, handlerMs, keys }]) => [
      name,
      {
        perSecond: round(records / seconds),
        handlerMs: round(handlerMs / seconds),
        hot: hotOf(keys, records),
      },
    ]),
  );
}

function hotOf(keys: ReadonlyMap<string, number>, records: number): [string, number][] {
  return [...keys]
    .map(([key, weight]): [string, number] => [key, Math.min(1, round(weight / Math.max(1, records)))])
    .filter(([, share]) => share >= LEAST_SHARE)
    .sort((a, b) => b[1] - a[1])
    .slice(0, TOLD_KEYS);
}

const round = (value: number) => Number(value.toPrecision(4));
