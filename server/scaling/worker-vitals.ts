import type { Redis } from 'ioredis';
import type { Group } from './partition-keys';

/** A load is told once a second; one that was not renewed for so long is forgotten, ms. */
const KEPT_MS = 10_000;

/** What a worker did with one partition in the last seconds. */
export interface PartitionVitals {
  /** records a second */
  perSecond: number;
  /** time in handlers, ms a second */
  handlerMs: number;
  /** the customers behind most of it: key ('' for those who opted out), share of the partition's records 0…1 */
  hot: [key: string, share: number][];
}

/** What a worker of a group did in the last seconds: told with its heartbeat, once a second, never per event. */
export interface WorkerVitals {
  /** ms since the epoch */
  at: number;
  /** what the rates are taken over, s */
  windowSeconds: number;
  /** store this group waits for */
  waitsFor: 'Redis' | 'Postgres';
  /** share of the time spent in handlers, 0…1 */
  handlerShare: number;
  /** share of the time in which it did nothing but wait for the store, 0…1 */
  waitShare: number;
  /** how long nothing but the wait that is going on has happened, ms; 0: none */
  waitingMs: number;
  /** rounds given up because the store failed */
  failures: number;
  /** handler time of a record; null when there was none */
  msPerEvent: number | null;
  /** what that is when the worker keeps up; null until it was learned */
  usualMsPerEvent: number | null;
  /** by name, `<shard>.<partition>` */
  partitions: Record<string, PartitionVitals>;
}

const vitalsKey = (group: Group, worker: string) => `vitals:${group}:${worker}`;

export async function writeWorkerVitals(
  queueRedis: Redis,
  group: Group,
  worker: string,
  load: WorkerVitals,
): Promise<void> {
  await queueRedis.set(vitalsKey(group, worker), JSON.stringify(load), 'PX', KEPT_MS);
}

/** Loads of these workers, by name. A worker that has told none is absent. */
export async function readWorkerVitals(
  queueRedis: Redis,
  group: Group,
  workers: readonly string[],
): Promise<Map<string, WorkerVitals>> {
  if (workers.length === 0) return new Map();
  const texts = await queueRedis.mget(workers.map((worker) => vitalsKey(group, worker)));
  const loads = new Map<string, WorkerVitals>();
  workers.forEach((worker, index) => {
    const text = texts[index];
    if (typeof text === 'string') loads.set(worker, JSON.parse(text) as WorkerVitals);
  });
  return loads;
}
