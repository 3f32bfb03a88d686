import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { countKey, offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import type { ShardCounts } from './lag-admission';
import { LagGate, type ShardPlace } from './lag-gate';
import { freshReports, refusalsOf } from './lag-refusals';
import type { LagRefusals, RefusalReport } from './lag-refusals.schema';

const READ_EVERY_MS = 1_000;
/** Reports of a shard are forgotten when none was renewed for so long, ms. */
const KEPT_MS = 10_000;

type WatchDeps = Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>;

export interface LagGateSettings {
  /** time to drain past which traffic is refused, s; 0: never */
  behindSeconds: number;
  /** names the collector among others */
  collector: string;
  /** told after each reading of how many shards are limited */
  onRead?: (limited: number) => void;
}

/** Collectors' reports of a shard, in the queue Redis: by collector, JSON. */
const reportsKey = (shardId: number) => `admission:${shardId}`;

/** A gate, and what tells it how far behind processors are. */
export interface OpenLagGate {
  gate: LagGate;
  /** Reads now; without effect while a reading is under way. Never fails. */
  read(): Promise<void>;
  /** Reads once a second from now on. */
  start(): void;
  stop(): void;
}

/** The gate of a collector, which learns from the log's Redis how far behind the processors of each shard are. */
export function openLagGate(deps: WatchDeps, settings: LagGateSettings): OpenLagGate {
  const gate = new LagGate({ behindSeconds: settings.behindSeconds, now: deps.now });
  let isReading = false;
  let timer: NodeJS.Timeout | undefined;
  const read = async () => {
    if (isReading) return;
    isReading = true;
    // What cannot be seen is not held against anybody: an append will tell.
    await readInto(gate, deps, settings.collector).catch(() => gate.release());
    isReading = false;
    settings.onRead?.(gate.reports().size);
  };
  return {
    gate,
    read,
    start() {
      timer = setInterval(() => void read(), READ_EVERY_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

async function readInto(gate: LagGate, deps: WatchDeps, collector: string): Promise<void> {
  const shards = gate.wanted();
  if (shards.length === 0) return;
  const counts = await readCounts(deps, shards);
  for (const [shardId, each] of counts) gate.observe(shardId, each);
  const own = gate.reports();
  if (own.size === 0) return;
  // Without the others' word each collector goes on with the part it has had.
  const others = await exchange(deps, collector, own).catch(() => new Map<number, RefusalReport[]>());
  for (const [shardId, reports] of others)
    gate.share(
      shardId,
      reports.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0),
    );
}

/** Customer events that came and that the processors have done, of all shards in one pipeline. */
async function readCounts(
  { logRedis, now }: WatchDeps,
  shards: readonly ShardPlace[],
): Promise<Map<number, ShardCounts>> {
  const pipeline = logRedis.pipeline();
  for (const { shardId, partitions } of shards)
    for (let partition = 0; partition < partitions; partition += 1) {
      pipeline.get(countKey(shardId, partition));
      pipeline.hget(offsetKey(shardId, partition, 'main'), 'n');
    }
  const values = valuesOf(await pipeline.exec()).map(Number);
  const at = now();
  let next = 0;
  return new Map(
    shards.map(({ shardId, partitions }) => {
      const counts = { at, appended: 0, processed: 0 };
      for (const end = next + 2 * partitions; next < end; next += 2) {
        counts.appended += values[next] ?? 0;
        counts.processed += values[next + 1] ?? 0;
      }
      return [shardId, counts];
    }),
  );
}

/** Tells what this collector refuses. @returns what the others told lately, by shard */
async function exchange(
  { queueRedis, now }: WatchDeps,
  collector: string,
  own: ReadonlyMap<number, RefusalReport>,
): Promise<Map<number, RefusalReport[]>> {
  const pipeline = queueRedis.pipeline();
  for (const [shardId, report] of own) {
    pipeline.hset(reportsKey(shardId), collector, JSON.stringify(report));
    pipeline.pexpire(reportsKey(shardId), KEPT_MS);
    pipeline.hgetall(reportsKey(shardId));
  }
  const values = valuesOf(await pipeline.exec());
  return new Map(
    [...own.keys()].map((shardId, index) => {
      const told = values[index * 3 + 2] as Record<string, string>;
      const others = Object.entries(told).filter(([name]) => name !== collector);
      const reports = others.map(([, text]) => JSON.parse(text) as RefusalReport);
      return [shardId, freshReports(reports, now())];
    }),
  );
}

/** What collectors refuse of these shards at the moment; null: nothing. */
export async function readRefusals(
  queueRedis: Redis,
  shardIds: readonly number[],
  now: number,
): Promise<LagRefusals | null> {
  const pipeline = queueRedis.pipeline();
  for (const shardId of shardIds) pipeline.hvals(reportsKey(shardId));
  const told = valuesOf(await pipeline.exec()) as string[][];
  const shards = told.map((texts) => texts.map((text) => JSON.parse(text) as RefusalReport));
  return refusalsOf(shards, now);
}
