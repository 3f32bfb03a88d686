import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { createListener, createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { FaultProxy } from './fault-proxy';

/** Of the Redis itself. */
let direct: Redis;
let port: number;

beforeAll(async () => {
  const { url } = await testRedis();
  port = Number(new URL(url).port);
  direct = createRedis(url, { name: 'test-direct' });
});
afterAll(() => direct.disconnect());

/** A client that reaches the Redis over a proxy of its own. */
async function overProxy({ onTestFinished }: TestContext): Promise<{ proxy: FaultProxy; redis: Redis }> {
  const proxy = await FaultProxy.listen(port);
  const redis = createRedis(`redis://127.0.0.1:${proxy.port}`, { name: 'test' });
  onTestFinished(async () => {
    redis.disconnect();
    await proxy.close();
  });
  return { proxy, redis };
}

// Both wait until a connection has been silent for too long: they do so together.
describe.concurrent('a connection whose other end is gone without a word', () => {
  it('is made anew within seconds, and what was asked on it is answered', async (test) => {
    const { proxy, redis } = await overProxy(test);
    await redis.set('there', '1');
    proxy.halfOpen();
    // Within seconds: a command that is not answered fails after ten.
    test.expect(await redis.get('there')).toBe('1');
  });

  it('is noticed by a listener too, which hears again', async (test) => {
    const { proxy, redis } = await overProxy(test);
    const listener = createListener(redis);
    const heard: string[] = [];
    listener.on('error', () => undefined);
    listener.on('message', (_channel: string, text: string) => heard.push(text));
    await listener.subscribe('news');
    await direct.publish('news', 'before');
    await until(() => heard.includes('before'));
    proxy.halfOpen();
    await until(async () => (await direct.publish('news', 'after')) > 0, { timeoutMs: 30_000 });
    await until(() => heard.includes('after'));
    listener.disconnect();
  });
});
