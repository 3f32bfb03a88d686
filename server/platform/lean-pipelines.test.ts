import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedis } from './redis';
import { testRedis } from './testing/test-redis';

let client: Redis;
let plain: Redis;
beforeAll(async () => {
  const { url } = await testRedis();
  client = createRedis(url, { name: 'lean' });
  plain = new Redis(url, { protocol: 2 });
});
afterAll(() => {
  client.disconnect();
  plain.disconnect();
});

describe('a lean pipeline', () => {
  it('has what the client library gives its own, but no accessor of its own', () => {
    const [lean, own] = [client.pipeline(), plain.pipeline()];
    const members = Object.getOwnPropertyNames(own).filter((name) => name !== 'length');
    expect(Object.getOwnPropertyNames(lean).sort()).toEqual(members.sort());
    expect(Object.getOwnPropertyDescriptor(lean, 'length')).toBeUndefined();
    expect(lean).toBeInstanceOf(own.constructor);
  });

  it('answers in order, tells errors apart, and says how long it is', async () => {
    const pipeline = client
      .pipeline()
      .set('text', 'é')
      .incr('text')
      .hset('hash', 'a', 1)
      .hmget('hash', 'a', 'b');
    expect(pipeline.length).toBe(4);
    const replies = await pipeline.exec();
    expect(replies?.map(([, value]) => value)).toEqual(['OK', undefined, 1, ['1', null]]);
    expect(replies?.[1]?.[0]?.message).toMatch(/not an integer/);
    expect(await client.pipeline().exec()).toEqual([]);
    expect(await client.pipeline([['get', 'text']]).exec()).toEqual([[null, 'é']]);
  });

  it('carries bytes', async () => {
    const bytes = Buffer.from([0, 255, 10]);
    await client.pipeline().set('bytes', bytes).exec();
    expect(await client.getBuffer('bytes')).toEqual(bytes);
  });

  it('leaves connections with commands of their own as they are', async () => {
    const own = createRedis(`redis://127.0.0.1:${client.options.port}`, { name: 'own' });
    try {
      own.defineCommand('twice', { numberOfKeys: 0, lua: 'return ARGV[1] * 2' });
      const pipeline = own.pipeline() as unknown as { twice(n: number): { exec(): Promise<unknown> } };
      expect(await pipeline.twice(21).exec()).toEqual([[null, 42]]);
    } finally {
      own.disconnect();
    }
  });
});
