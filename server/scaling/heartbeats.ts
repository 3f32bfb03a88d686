import type { Redis } from 'ioredis';
import type { PartitionLoad } from './assignment';
import type { Group } from './partition-keys';

/** A worker that died is no longer counted after this many ms. */
const WORKER_GONE_MS = 1_500;
/** What a worker last told is kept so long after it fell silent, ms. One that stops takes it along. */
const KEPT_MS = 10_000;

export interface Heartbeat {
  group: Group;
  worker: string;
  /** ms since the epoch */
  at: number;
  /** partitions held, as `<shard>.<partition>` */
  partitions: string[];
  /** customer events a second of each of them, smoothed */
  loads: number[];
  /** leases held, with partitions under work or without */
  leases: string[];
}

type Told = Pick<Heartbeat, 'at' | 'partitions'> & Partial<Heartbeat>;

const workersKey = (group: Group) => `workers:${group}`;
const heartbeatKey = (group: Group, worker: string) => `heartbeat:${group}:${worker}`;

/** Says that a worker lives and what it holds. */
export async function writeHeartbeat(queueRedis: Redis, beat: Heartbeat): Promise<void> {
  const value = JSON.stringify({
    at: beat.at,
    partitions: beat.partitions,
    loads: beat.loads,
    leases: beat.leases,
  });
  await queueRedis
    .multi()
    .set(heartbeatKey(beat.group, beat.worker), value, 'PX', KEPT_MS)
    .zadd(workersKey(beat.group), beat.at, beat.worker)
    .zremrangebyscore(workersKey(beat.group), '-inf', beat.at - 60_000)
    .exec();
}

/** A worker that stops says so: its share goes to the others at once. */
export async function removeHeartbeat(queueRedis: Redis, group: Group, worker: string): Promise<void> {
  await queueRedis.multi().del(heartbeatKey(group, worker)).zrem(workersKey(group), worker).exec();
}

/** Workers of a group heard of within `WORKER_GONE_MS`. */
export async function liveWorkers(queueRedis: Redis, group: Group, now: number): Promise<Heartbeat[]> {
  return (await lastBeats(queueRedis, group, now)).filter(({ at }) => isAlive(at, now));
}

/** Whether a worker that was last heard of then counts as alive. */
export function isAlive(at: number, now: number): boolean {
  return at >= now - WORKER_GONE_MS;
}

/** What the workers of a group last told, those included that fell silent without having stopped. */
export async function lastBeats(queueRedis: Redis, group: Group, now: number): Promise<Heartbeat[]> {
  const names = await queueRedis.zrangebyscore(workersKey(group), now - KEPT_MS, '+inf');
  if (names.length === 0) return [];
  const values = await queueRedis.mget(names.map((name) => heartbeatKey(group, name)));
  const beats: Heartbeat[] = [];
  names.forEach((worker, index) => {
    const text = values[index];
    if (typeof text !== 'string') return;
    // A worker of another release says less.
    const { at, partitions, loads = [], leases = [] } = JSON.parse(text) as Told;
    beats.push({ group, worker, at, partitions, loads, leases });
  });
  return beats;
}

/** The partitions a worker holds, with the load of each. */
export function loadsOf({ partitions, loads }: Heartbeat): PartitionLoad[] {
  return partitions.map((name, index) => ({ name, load: loads[index] ?? 0 }));
}
