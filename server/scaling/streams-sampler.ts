import type { LagReading, PartitionCounters } from '@/server/observability';
import { CounterWindow, type FlowCounts, flowCounters } from '@/server/observability';
import { type StateSample, streamsSnapshot } from './operator-figures';
import type { OperatorStanding } from './operator-standing.connector';
import type { StreamsSnapshot } from './streams.schema';
import type { PartitionClock } from './watermark.connector';

/** Where a sampler reads what the aggregates do not tell. */
export interface StreamsPorts {
  now: () => number;
  latenessMs: number;
  idleMs: number;
  readLag(): Promise<LagReading[]>;
  readFlow(): Promise<FlowCounts[]>;
  /** what every live process measured, by process */
  readOperators(): Promise<ReadonlyMap<string, OperatorStanding>>;
  readClocks(): Promise<PartitionClock[]>;
  readStates(): Promise<StateSample>;
  onError(error: unknown): void;
}

/** Sizes of states move slowly, and are read from a sample. */
const STATES_EVERY_MS = 10_000;
/** What could not be read again for so long is no longer shown as known. */
const KEPT_MS = 3_000;

/** Makes the data of the room `streams` of a workspace: `sample` is called once a second while somebody looks. */
export class StreamsSampler {
  readonly #ports: StreamsPorts;
  readonly #counters = new CounterWindow();
  readonly #flow = new CounterWindow();
  readonly #operators = new CounterWindow();
  /** process → number under which its counters are told apart */
  readonly #processes = new Map<string, number>();
  #lag: { at: number; readings: LagReading[] } | null = null;
  #clocks: PartitionClock[] = [];
  #state: StateSample | null = null;
  #statesAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(ports: StreamsPorts) {
    this.#ports = ports;
  }

  async sample(partitions: readonly PartitionCounters[]): Promise<StreamsSnapshot> {
    this.#counters.observe(this.#ports.now(), partitions);
    await this.#read();
    return this.snapshot();
  }

  snapshot(): StreamsSnapshot {
    const now = this.#ports.now();
    const { latenessMs, idleMs } = this.#ports;
    return streamsSnapshot({
      now,
      counters: this.#counters,
      flow: this.#flow,
      operators: this.#operators,
      lag: this.#lag !== null && now - this.#lag.at <= KEPT_MS ? this.#lag.readings : null,
      clocks: this.#clocks,
      state: this.#state,
      latenessMs,
      idleMs,
    });
  }

  close(): void {
    this.#closed = true;
  }

  async #read(): Promise<void> {
    const { now, onError, readLag, readFlow, readOperators, readClocks, readStates } = this.#ports;
    const statesAreDue = now() - this.#statesAt >= STATES_EVERY_MS;
    if (statesAreDue) this.#statesAt = now();
    const [lag, flow, operators, clocks, states] = await Promise.allSettled([
      readLag(),
      readFlow(),
      readOperators(),
      readClocks(),
      statesAreDue ? readStates() : Promise.resolve(this.#state),
    ]);
    if (this.#closed) return;
    if (lag.status === 'fulfilled') this.#lag = { at: now(), readings: lag.value };
    if (flow.status === 'fulfilled') this.#flow.observe(now(), flowCounters(flow.value));
    if (operators.status === 'fulfilled') this.#observe(operators.value);
    if (clocks.status === 'fulfilled') this.#clocks = clocks.value;
    if (states.status === 'fulfilled') this.#state = states.value;
    for (const each of [lag, flow, operators, clocks, states]) {
      if (each.status === 'rejected') onError(each.reason);
    }
  }

  /** Totals of processes are growing counters like any other. */
  #observe(standings: ReadonlyMap<string, OperatorStanding>): void {
    const counters = [...standings].map(([process, { at, followed, operators }]) => {
      const partition = this.#processes.get(process) ?? this.#processes.size;
      this.#processes.set(process, partition);
      const totals = Object.entries(operators).flatMap(([operator, { events, ms, errors }]) => [
        [`${operator}.events`, events],
        [`${operator}.ms`, ms],
        [`${operator}.errors`, errors],
      ]);
      const values = {
        at,
        counters: { events: followed, followed, ...Object.fromEntries(totals) },
        byPlatform: {},
        bySource: {},
        gauges: {},
        money: {},
        funnel: {},
      };
      return { shardId: 0, partition, values };
    });
    this.#operators.observe(this.#ports.now(), counters);
  }
}
