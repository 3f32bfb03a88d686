import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { CountingWorkers } from './counting-workers-fixture';

const SHARD = 8;
const WAVES = 5;
const CUSTOMERS = Array.from({ length: 40 }, (_, index) => `b${index}`);
/** Some tenths of a second in which the server does nothing else. */
const BUSY = 'for _ = 1, 20000000 do end';
let workers: CountingWorkers;

beforeAll(async () => {
  workers = await CountingWorkers.create(8);
});
afterAll(() => workers.close());

/** Ends the connections of this name from the server's side, once the server has let a while pass with commands unanswered. */
async function cut(name: string): Promise<void> {
  const clients = String(await workers.redis.client('LIST')).split('\n');
  const ids = clients
    .filter((one) => one.includes(` name=${name} `))
    .map((line) => Number(/^id=(\d+)/.exec(line)?.[1]));
  const pipeline = workers.redis.pipeline().eval(BUSY, 0);
  for (const id of ids) pipeline.client('KILL', 'ID', id);
  await pipeline.exec();
}

it('processes every event once, however often the connection to the log breaks', async () => {
  await workers.start([SHARD], 'breaks');
  for (let wave = 0; wave < WAVES; wave += 1) {
    await workers.appendOf(SHARD, CUSTOMERS);
    await cut('breaks');
  }
  const all = WAVES * CUSTOMERS.length;
  await until(async () => (await workers.total(SHARD)) >= all);
  expect(await workers.total(SHARD)).toBe(all);
});
