import net from 'node:net';
import fc from 'fast-check';
import { Redis, ReplyError } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRepliesQuickly } from './quick-replies';
import { createRedis } from './redis';
import { testRedis } from './testing/test-redis';

/** A reply as both sides know it: bytes, whole numbers, nothing, errors within, lists of these. */
type Reply = Buffer | number | null | Error | Reply[];

const CRLF = Buffer.from('\r\n');

function encoded(reply: Reply): Buffer {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (typeof reply === 'number') return Buffer.from(`:${reply}\r\n`);
  if (reply instanceof Error) return Buffer.from(`-${reply.message}\r\n`);
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, CRLF]);
  return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(encoded)]);
}

const { replies } = fc.letrec<{ replies: Reply }>((tie) => ({
  replies: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.integer(),
    fc.constant(null),
    fc.array(tie('replies'), { maxLength: 6 }),
  ),
}));

/** Answers whatever is asked with the next of these pieces, one packet each. */
let pieces: Buffer[] = [];
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', async () => {
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
  });
});

let library: Redis;
let quick: Redis;
let real: Redis;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const options = {
    port,
    protocol: 2 as const,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
  };
  library = new Redis(options);
  await new Promise((resolve) => library.once('ready', resolve));
  readRepliesQuickly();
  quick = new Redis(options);
  await new Promise((resolve) => quick.once('ready', resolve));
  real = createRedis((await testRedis()).url, { name: 'quick' });
});
afterAll(() => {
  for (const client of [library, quick, real]) client?.disconnect();
  server.close();
});

describe('quick replies', () => {
  it('read what the library reads, however it is cut into packets', async () => {
    await fc.assert(
      fc.asyncProperty(replies, fc.array(fc.nat({ max: 200 }), { maxLength: 4 }), async (reply, cuts) => {
        const bytes = encoded(reply);
        const at = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const read = await quick.callBuffer('ANY');
        expect(read).toEqual(reply);
        expect(read).toEqual(await library.callBuffer('ANY'));
      }),
      { numRuns: 200 },
    );
  });

  it('are read by another parser than the library has', () => {
    const isQuick = (client: Redis) =>
      (client as unknown as { stream: net.Socket }).stream
        .listeners('data')
        .some((listener) => listener.toString().includes('parser.execute'));
    expect([isQuick(quick), isQuick(library), isQuick(real)]).toEqual([true, false, true]);
  });

  it('serve errors, transactions, scripts, bytes and texts longer than a packet', async () => {
    await expect(real.call('HGET', 'none')).rejects.toThrow(ReplyError);
    await real.set('text', 'a');
    const answers = await real.multi().incr('text').get('text').exec();
    expect(answers?.[0]?.[0]).toBeInstanceOf(Error);
    expect(answers?.[1]).toEqual([null, 'a']);
    expect(await real.eval("return {1, 'é', false, {redis.error_reply('WRONG it is')}}", 0)).toMatchObject([
      1,
      'é',
      null,
      [expect.objectContaining({ message: 'WRONG it is' })],
    ]);
    const long = Buffer.alloc(3_000_000, 'ä€\r\n');
    await real.set('long', long);
    expect(await real.getBuffer('long')).toEqual(long);
    expect(await real.mget('long', 'none')).toEqual([long.toString(), null]);
  });

  it('serve subscriptions', async () => {
    const listener = real.duplicate();
    try {
      const heard = new Promise((resolve) => listener.once('message', (...said) => resolve(said)));
      expect(await listener.subscribe('news')).toBe(1);
      await real.publish('news', 'é');
      expect(await heard).toEqual(['news', 'é']);
      expect(await listener.unsubscribe('news')).toBe(0);
    } finally {
      listener.disconnect();
    }
  });

  it('leave RESP3 to the library', async () => {
    const third = new Redis(Number(real.options.port), { protocol: 3 });
    try {
      await third.hset('map', 'a', 1);
      expect(await third.hgetall('map')).toEqual({ a: '1' });
    } finally {
      third.disconnect();
    }
  });
});
