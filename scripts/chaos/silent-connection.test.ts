import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener, createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { FaultProxy } from './fault-proxy';

let proxy: FaultProxy;
let redis: Redis;
let direct: Redis;

beforeAll(async () => {
  const { url } = await testRedis();
  proxy = await FaultProxy.listen(Number(new URL(url).port));
  redis = createRedis(`redis://127.0.0.1:${proxy.port}`, { name: 'test' });
  direct = createRedis(url, { name: 'test-direct' });
});
afterAll(async () => {
  redis.disconnect();
  direct.disconnect();
  await proxy.close();
});

describe('a connection whose other end is gone without a word', () => {
  it('is made anew within seconds, and what was asked on it is answered', async () => {
    await redis.set('there', '1');
    proxy.halfOpen();
    const began = Date.now();
    expect(await redis.get('there')).toBe('1');
    expect(Date.now() - began).toBeLessThan(6_000);
  });

  it('is noticed by a listener too, which hears again', async () => {
    const listener = createListener(redis);
    const heard: string[] = [];
    listener.on('error', () => undefined);
    listener.on('message', (_channel: string, text: string) => heard.push(text));
    await listener.subscribe('news');
    await direct.publish('news', 'before');
    await until(() => heard.includes('before'));
    proxy.halfOpen();
    await until(async () => (await direct.publish('news', 'after')) > 0, { timeoutMs: 9_000 });
    await until(() => heard.includes('after'));
    listener.disconnect();
  });
});
