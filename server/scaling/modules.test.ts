import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import type { ModuleKey } from './module.schema';
import { type ModuleInstance, removeInstance, tellInstance } from './module-instances.connector';
import { runningModules } from './modules.service';

let redis: Redis;
const START = Date.now();

beforeAll(async () => {
  redis = createRedis((await testRedis()).queueUrl, { name: 'test' });
});

afterAll(() => redis?.disconnect());

const instance = (module: ModuleKey, name: string, build: string, startedAt = START): ModuleInstance => ({
  module,
  instance: name,
  host: 'here',
  pid: 7,
  version: '1.0.0',
  build,
  startedAt,
});

const seen = async (module: ModuleKey, now: number) => {
  const { modules } = await runningModules({ queueRedis: redis, now: () => now });
  return modules.find(({ key }) => key === module);
};

describe('the processes of a module', () => {
  it('are told with their builds, a mixture of which is seen', async () => {
    await tellInstance(redis, instance('main', 'one', 'aaa'), START);
    await tellInstance(redis, instance('main', 'two', 'bbb', START + 1), START);
    expect(await seen('main', START)).toMatchObject({
      instances: [{ worker: 'here:7', build: '1.0.0+aaa', silent: false }, { build: '1.0.0+bbb' }],
      builds: ['1.0.0+aaa', '1.0.0+bbb'],
      starts: 2,
    });
    expect(await seen('web', START)).toEqual({ key: 'web', instances: [], builds: [], starts: 0 });
  });

  it('fall silent when they are no longer heard, and leave when they stop', async () => {
    await tellInstance(redis, instance('archive', 'killed', 'aaa'), START);
    await tellInstance(redis, instance('archive', 'stopped', 'aaa'), START);
    await removeInstance(redis, { module: 'archive', instance: 'stopped' });
    expect(await seen('archive', START + 10_000)).toMatchObject({
      instances: [{ instance: 'killed', silent: true }],
      builds: [],
      starts: 2,
    });
    expect((await seen('archive', START + 20_000))?.instances).toEqual([]);
  });

  it('count a start once, however often they are heard, for an hour', async () => {
    for (const at of [START, START + 3_000, START + 6_000])
      await tellInstance(redis, instance('jobs', 'one', 'aaa'), at);
    await tellInstance(redis, instance('jobs', 'again', 'aaa', START + 5_000), START + 5_000);
    expect((await seen('jobs', START + 7_000))?.starts).toBe(2);
    expect((await seen('jobs', START + 3_602_000))?.starts).toBe(1);
  });
});
