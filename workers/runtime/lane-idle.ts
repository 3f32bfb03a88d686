import { RedisScript } from '@/server/platform/redis-script';
import { epochKey, partitionKeys } from '@/server/scaling';
import { TICK_SCRIPT } from './commit-script';
import type { HeldPartition } from './held-partition';
import type { LaneHoldings } from './lane-holdings';
import type { LaneOptions } from './lane-options';
import type { PartitionMemory } from './partition-memory';

export const tickScript = new RedisScript(TICK_SCRIPT);

/** A partition without work, timers or records for this long is given back. */
const UNUSED_MS = 60_000;
/** A partition of a shard that is not known here goes back after this long. */
const UNKNOWN_MS = 10_000;

type IdleOptions = Pick<LaneOptions, 'redis' | 'now' | 'idleMs' | 'metrics'>;

/**
 * What is done when nothing came: ticks that are due by the clock, and partitions without use are given back.
 * @returns whether a tick was written
 */
export async function tendIdle(options: IdleOptions, holdings: LaneHoldings): Promise<boolean> {
  const now = options.now();
  let ticked = false;
  for (const held of holdings) {
    const { memory } = held;
    if (!memory && now - held.heldSince > UNKNOWN_MS) held.leaving = true;
    if (!memory?.drained) continue;
    if (isTickDue(memory, now, options.idleMs)) {
      await tick(options, held, now);
      ticked = true;
    } else if (memory.nextTimer === null && now - Math.max(memory.lastRecordAt, held.heldSince) > UNUSED_MS) {
      held.leaving = true;
    }
  }
  return ticked;
}

function isTickDue({ nextTimer, set, lastRecordAt }: PartitionMemory, now: number, idleMs: number): boolean {
  if (nextTimer === null || nextTimer > now || now - lastRecordAt < idleMs) return false;
  return nextTimer > Math.max(set.clock.newest, set.clock.tick);
}

async function tick({ redis, metrics }: IdleOptions, held: HeldPartition, now: number): Promise<void> {
  const keys = partitionKeys(held.shardId, held.partition);
  const record = JSON.stringify([{ k: 'c', t: now, epoch: Number(held.epoch) }]);
  const epoch = epochKey(held.shardId, held.partition, 'main');
  const id = await redis.evalsha(tickScript.sha, 3, epoch, keys.log, keys.count, held.epoch, record);
  if (id === null) held.leaving = true;
  else metrics.ticks.inc();
  held.rung = true;
}
