import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { CounterWindow } from './counter-window';
import { flowCounters, readAggregates, readFlow } from './flow.connector';
import type { LagReading } from './lag-reading';
import type { MetricReading } from './metric-catalogue';
import { readingsOf } from './metric-readings';
import { readStateHealth } from './state-health.connector';

export type LagOfShard = (shard: ShardDescription) => Promise<LagReading[]>;

/**
 * The metrics of one workspace, counted without a pause by the process that judges thresholds. `read` is to be called
 * every second.
 */
export class MetricWatch {
  #counters = new CounterWindow();
  #flow = new CounterWindow();

  /** @throws when the log's Redis cannot be reached: nothing is then known, and nothing judged */
  async read(
    deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
    shards: readonly ShardDescription[],
    lagOf: LagOfShard,
  ): Promise<{ at: number; readings: MetricReading[] }> {
    const [aggregates, flows, lag, stateHealth] = await Promise.all([
      Promise.all(shards.map((shard) => readAggregates(deps, shard.shardId))),
      Promise.all(shards.map((shard) => readFlow(deps, shard.shardId))),
      Promise.all(shards.map(lagOf)).catch(() => null),
      readStateHealth(deps, shards[0]?.workspaceId ?? '').catch(() => null),
    ]);
    const now = deps.now();
    const partitions = aggregates.flat();
    this.#counters.observe(now, partitions);
    this.#flow.observe(now, flowCounters(flows));
    const readings = readingsOf({
      now,
      counters: this.#counters,
      flow: this.#flow,
      partitions,
      lag: lag?.flat() ?? null,
      regions: shards,
      currency: shards[0]?.currency ?? 'USD',
      stateHealth,
    });
    return { at: now, readings };
  }
}
