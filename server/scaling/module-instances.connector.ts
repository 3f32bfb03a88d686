import type { Redis } from 'ioredis';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@/server/core/durations';
import { valuesOf } from '@/server/core/redis-replies';
import { MODULE_KEYS, type ModuleKey } from './module.schema';

export const TELL_EVERY_MS = 3 * SECOND_MS;
/** What was told is kept so long after it fell silent, ms. One that stops in order takes it along. */
const KEPT_MS = 15 * SECOND_MS;
/** Starts that are remembered of a module: one that ends again and again makes one every few seconds. */
const MOST_STARTS = 1_000;
/** Over which starts are counted, ms. */
export const STARTS_OVER_MS = HOUR_MS;
const MOST_INSTANCES = 200;

/** A process in which a module runs. */
export interface ModuleInstance {
  module: ModuleKey;
  /** unlike that of any other start */
  instance: string;
  host: string;
  pid: number;
  /** of the package, and of the source */
  version: string;
  build: string;
  /** ms */
  startedAt: number;
}

/** One that was heard of, ms. */
export type HeardInstance = ModuleInstance & { at: number };

export interface ModuleStanding {
  /** the oldest first */
  instances: HeardInstance[];
  /** in the last hour */
  starts: number;
}

const instanceKey = (module: ModuleKey, instance: string) => `module:${module}:${instance}`;
const instancesKey = (module: ModuleKey) => `modules:${module}`;
const startsKey = (module: ModuleKey) => `module-starts:${module}`;

/** Says that a module runs here: once at its start and every `TELL_EVERY_MS`, never per event. */
export async function tellInstance(queueRedis: Redis, told: ModuleInstance, at: number): Promise<void> {
  const { module, instance, startedAt } = told;
  const replies = await queueRedis
    .multi()
    .set(instanceKey(module, instance), JSON.stringify({ ...told, at }), 'PX', KEPT_MS)
    .zadd(instancesKey(module), at, instance)
    .zremrangebyscore(instancesKey(module), '-inf', at - KEPT_MS)
    .zadd(startsKey(module), startedAt, instance)
    .zremrangebyrank(startsKey(module), 0, -MOST_STARTS - 1)
    .pexpire(startsKey(module), DAY_MS)
    .exec();
  valuesOf(replies);
}

/** One that stops in order says so; that it had started stays counted. */
export async function removeInstance(
  queueRedis: Redis,
  { module, instance }: Pick<ModuleInstance, 'module' | 'instance'>,
): Promise<void> {
  await queueRedis.multi().del(instanceKey(module, instance)).zrem(instancesKey(module), instance).exec();
}

/** What the processes of every module last told, those included that fell silent without having stopped. */
export async function readModules(
  queueRedis: Redis,
  now: number,
): Promise<Record<ModuleKey, ModuleStanding>> {
  const looks = queueRedis.pipeline();
  for (const module of MODULE_KEYS) {
    looks.zrangebyscore(instancesKey(module), now - KEPT_MS, '+inf', 'LIMIT', 0, MOST_INSTANCES);
    looks.zcount(startsKey(module), now - STARTS_OVER_MS, '+inf');
  }
  const found = valuesOf(await looks.exec());
  const standings = await Promise.all(
    MODULE_KEYS.map(async (module, index) => {
      const names = found[index * 2] as string[];
      const instances = await readInstances(queueRedis, module, names);
      return [module, { instances, starts: found[index * 2 + 1] as number }] as const;
    }),
  );
  return Object.fromEntries(standings) as Record<ModuleKey, ModuleStanding>;
}

async function readInstances(
  queueRedis: Redis,
  module: ModuleKey,
  names: readonly string[],
): Promise<HeardInstance[]> {
  if (names.length === 0) return [];
  const texts = await queueRedis.mget(names.map((name) => instanceKey(module, name)));
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => JSON.parse(text) as HeardInstance)
    .sort((a, b) => a.startedAt - b.startedAt);
}
