import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMetrics } from '@/server/platform/metrics';
import { until } from '@/server/platform/until';
import { epochKey, partitionName } from '@/server/scaling';
import { CountingWorkers } from './counting-workers-fixture';
import type { ShardPlan } from './lane-options';
import { StreamLane } from './stream-lane';
import { createStreamMetrics } from './stream-metrics';
import { countingProcessor } from './testing-processor';
import { VitalsMeter } from './vitals-meter';

const SHARD = 1;
const PARTITION = 0;
const NAME = partitionName(SHARD, PARTITION);
const PLAN: ShardPlan = { shardId: SHARD, partitions: 1, processor: countingProcessor() };
/** After this long a partition of which nothing is known goes back, ms. */
const UNKNOWN_MS = 10_000;

let workers: CountingWorkers;
beforeAll(async () => {
  workers = await CountingWorkers.create(1);
});
afterAll(() => workers.close());

it('lets go of a partition whose workspace is gone, and leaves its records to who knows it again', async () => {
  const { log, redis, queueRedis } = workers;
  let plan: ShardPlan | undefined = PLAN;
  let now = Date.now();
  const clock = () => now;
  const lane = new StreamLane({
    ...{ log, redis, readers: [redis], queueRedis, now: clock, idleMs: 60_000 },
    plan: () => plan,
    ring: () => undefined,
    metrics: createStreamMetrics(createMetrics('lane')),
    meter: new VitalsMeter(clock, 'Redis').lane(),
    logger: pino({ level: 'silent' }),
  });
  const hold = async (epoch: string) => {
    await redis.set(epochKey(SHARD, PARTITION, 'main'), epoch);
    return { ended: lane.hold(SHARD, PARTITION, epoch) };
  };
  const send = async () => {
    await workers.appendOf(SHARD, ['anna']);
    lane.ring(NAME);
  };
  const counted = (events: number) =>
    until(async () => (await workers.countOf(SHARD, 'anna')) === events, { what: `${events} events` });
  lane.start();
  const first = await hold('1');
  await send();
  await counted(1);

  plan = undefined;
  await send();
  await until(() => lane.progress().every(([, events]) => events === null), { what: 'nothing in memory' });
  expect(lane.names).toEqual([NAME]);
  now += UNKNOWN_MS + 1;
  await first.ended;
  expect(lane.names).toEqual([]);
  expect(await workers.countOf(SHARD, 'anna')).toBe(1);

  plan = PLAN;
  await hold('2');
  await counted(2);
  await lane.stop();
});
