import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './ports';
import { findRedisProgram, type RedisServer, startRedis } from './redis-server';

const PAIR = "redis.call('SET', KEYS[1], ARGV[1]) redis.call('INCR', KEYS[2]) return 1";
const WRITES = 200;

let dataDir: string;
let file: string;
let server: RedisServer | undefined;

async function start(): Promise<RedisServer> {
  const program = findRedisProgram(process.env.PATH ?? '') ?? '';
  const logFile = join(dataDir, 'redis.log');
  server = await startRedis(program, { dataDir, port: await freePort(), durability: 'always', logFile });
  return server;
}

/** Number of writes that are there; every write is two commands in one transaction. */
async function writesThere(): Promise<number> {
  const redis = new Redis((await start()).url, { protocol: 2 });
  const [count, keys] = await Promise.all([redis.get('count'), redis.keys('key:*')]);
  redis.disconnect();
  expect(keys).toHaveLength(Number(count));
  return keys.length;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'millrace-torn-'));
  file = join(dataDir, 'appendonlydir', 'appendonly.aof.1.incr.aof');
  const redis = new Redis((await start()).url, { protocol: 2 });
  const write = (i: number) => redis.eval(PAIR, 2, `key:${i}`, 'count', `value ${i}\r\n`);
  await Promise.all(Array.from({ length: WRITES }, (_, i) => write(i)));
  redis.disconnect();
  await server?.stop('SIGKILL');
});
afterEach(async () => {
  await server?.stop('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('an append-only file that was torn', () => {
  it.each([1, 7, 31, 60, 150])(
    'comes back whole up to the last whole transaction, cut by %i bytes',
    async (bytes) => {
      truncateSync(file, statSync(file).size - bytes);
      const there = await writesThere();
      expect(there).toBeLessThan(WRITES);
      expect(there).toBeGreaterThanOrEqual(WRITES - 1 - Math.ceil(bytes / 60));
    },
  );

  it('comes back when it ends in zeros or in what lay on the disk before', async () => {
    truncateSync(file, statSync(file).size - 20);
    appendFileSync(file, Buffer.alloc(4_096));
    appendFileSync(file, Buffer.from('\x00\x17 not of this file \r\n*x'));
    expect(await writesThere()).toBe(WRITES - 1);
    expect(readFileSync(join(dataDir, 'redis.log'), 'utf8')).toContain('as a power cut leaves them');
  });

  it('is refused with what to do when it is damaged before other writes', async () => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.from('@@@@'), 0, 4, Math.floor(statSync(file).size / 2));
    await expect(start()).rejects.toThrow(/damaged, and not only at its end; .*npm run restore/);
  });
});
