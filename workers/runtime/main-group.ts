import type { LaneOptions, ShardPlan } from './lane-options';
import type { LeaseHost } from './lease-manager';
import { StreamLane } from './stream-lane';
import { activeShards, unattendedPartitions } from './unattended';
import { VitalsMeter } from './vitals-meter';

/** Lanes of one process: one computes while the other waits for Redis. */
const LANES = 2;

export interface MainGroupOptions extends Omit<LaneOptions, 'ring' | 'plan' | 'meter'> {
  plans: { get(shardId: number): ShardPlan | undefined; shardIds(): number[] };
}

/** The processors of this process: partitions spread over lanes. */
export class MainGroup implements LeaseHost {
  readonly #lanes: StreamLane[];
  readonly meter: VitalsMeter;
  readonly #options: MainGroupOptions;

  constructor(options: MainGroupOptions) {
    this.#options = options;
    this.meter = new VitalsMeter(options.now, 'Redis');
    this.#lanes = Array.from(
      { length: LANES },
      () =>
        new StreamLane({
          ...options,
          meter: this.meter.lane(),
          plan: (shardId) => options.plans.get(shardId),
          ring: (names) => {
            for (const name of names) this.ring(name);
          },
        }),
    );
  }

  start(): void {
    for (const lane of this.#lanes) lane.start();
  }

  hold(shardId: number, partition: number, epoch: string): Promise<void> {
    const lane = this.#lanes[partition % LANES];
    if (!lane) throw new Error('There is no lane.');
    return lane.hold(shardId, partition, epoch);
  }

  names(): string[] {
    return this.#lanes.flatMap((lane) => lane.names);
  }

  holds(name: string): boolean {
    return this.#lanes.some((lane) => lane.holds(name));
  }

  ring(name: string): void {
    for (const lane of this.#lanes) lane.ring(name);
  }

  progress(): Map<string, number | null> {
    return new Map(this.#lanes.flatMap((lane) => lane.progress()));
  }

  yieldPartitions(names: readonly string[]): void {
    for (const lane of this.#lanes) lane.yieldPartitions(names);
  }

  async unattended(owned: ReadonlySet<string>): Promise<string[]> {
    const { log, redis, plans } = this.#options;
    const places = await activeShards(log, plans.shardIds());
    return unattendedPartitions(log, redis, places, owned, 'main');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }
}
