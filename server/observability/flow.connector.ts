import { countKey, deadLetterCountKey, offsetKey, partitionsKey, partitionTag } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import type { PartitionCounters } from './counter-window';

/** What passed each stage of a shard since it began, in customer events. */
export interface FlowCounts {
  shardId: number;
  appended: number;
  processed: number;
  archived: number;
  deadLetters: number;
}

type LogDeps = Pick<Deps, 'logRedis'>;

/** Partitions of a shard that ever held a record, lowest first. */
export async function knownPartitions({ logRedis }: LogDeps, shardId: number): Promise<number[]> {
  const members = await logRedis.smembers(partitionsKey(shardId));
  return members.map(Number).sort((a, b) => a - b);
}

/** How much passed each stage of a shard: three numbers a partition, in one round trip. */
export async function readFlow(deps: LogDeps, shardId: number): Promise<FlowCounts> {
  const partitions = await knownPartitions(deps, shardId);
  const pipeline = deps.logRedis.pipeline().get(deadLetterCountKey(shardId));
  for (const partition of partitions) {
    pipeline.get(countKey(shardId, partition));
    pipeline.hget(offsetKey(shardId, partition, 'main'), 'n');
    pipeline.hget(offsetKey(shardId, partition, 'archive'), 'n');
  }
  const answers = (await pipeline.exec()) ?? [];
  const numberAt = (index: number) => {
    const [error, value] = answers[index] ?? [null, null];
    if (error) throw error;
    return Number(value ?? 0);
  };
  const flow = { shardId, appended: 0, processed: 0, archived: 0, deadLetters: numberAt(0) };
  partitions.forEach((_partition, index) => {
    flow.appended += numberAt(1 + index * 3);
    flow.processed += numberAt(2 + index * 3);
    flow.archived += numberAt(3 + index * 3);
  });
  return flow;
}

/** The aggregates of every partition of a shard, as last committed. */
export async function readAggregates(deps: LogDeps, shardId: number): Promise<PartitionCounters[]> {
  const partitions = await knownPartitions(deps, shardId);
  const pipeline = deps.logRedis.pipeline();
  for (const partition of partitions) pipeline.get(`${partitionTag(shardId, partition)}:agg`);
  const answers = (await pipeline.exec()) ?? [];
  return answers.flatMap(([error, text], index) => {
    if (error) throw error;
    const partition = partitions[index];
    if (typeof text !== 'string' || partition === undefined) return [];
    return [{ shardId, partition, values: JSON.parse(text) as PartitionAggregates }];
  });
}

/** The flow of shards as counters, so that rates are made of differences like everything else. */
export function flowCounters(flows: readonly FlowCounts[]): PartitionCounters[] {
  return flows.map(({ shardId, appended, processed, archived, deadLetters }) => ({
    shardId,
    partition: -1,
    values: {
      at: 0,
      counters: { events: appended, appended, processed, archived, deadLetters },
      byPlatform: {},
      bySource: {},
      gauges: {},
      money: {},
      funnel: {},
    },
  }));
}
