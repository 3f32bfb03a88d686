import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { until } from '@/server/platform/until';
import { epochKey } from '@/server/scaling';
import { CountingWorkers } from './counting-workers-fixture';
import { leaseOf } from './lease-name';

const PARTITIONS = 8;
/** Partitions move by what they carry: what came on a busy machine in fits and starts evens out within a minute, ms. */
const LEVEL_WITHIN_MS = 120_000;

/** As many customers of each partition. */
function customersOfEach(count: number): string[] {
  const found = Array.from({ length: PARTITIONS }, (): string[] => []);
  for (let index = 0; found.some(({ length }) => length < count); index += 1)
    found[partitionOf(`s${index}`, PARTITIONS)]?.push(`s${index}`);
  return found.flatMap((customers) => customers.slice(0, count));
}

let workers: CountingWorkers;

beforeAll(async () => {
  workers = await CountingWorkers.create(PARTITIONS);
});

// A test that fails leaves no worker to the next.
afterEach(() => workers.stopAll());

afterAll(() => workers.close());

describe('leases of the main group', () => {
  it('writes nothing for a worker that lost its lease', async () => {
    const worker = await workers.start([5], 'e');
    await workers.append(5, [workers.event(5, 'z')]);
    await until(async () => (await workers.countOf(5, 'z')) === 1);
    await workers.redis.incr(epochKey(5, partitionOf('z', PARTITIONS), 'main'));
    await workers.append(5, [workers.event(5, 'z')]);
    // The stale owner refuses itself; the partition is then taken again under a newer epoch.
    await until(async () => (await workers.countOf(5, 'z')) === 2);
    expect(worker.group.names().length).toBeGreaterThan(0);
  });

  it('shares partitions between two workers and hands over at the end of one', async () => {
    const first = await workers.start([6], 'f');
    const customers = customersOfEach(12);
    const sent = customers.length;
    const wave = () => workers.appendOf(6, customers);
    await wave();
    await until(async () => (await workers.total(6)) === sent);
    const second = await workers.start([6], 'g');
    await until(() => second.group.names().length === PARTITIONS / 2, {
      timeoutMs: LEVEL_WITHIN_MS,
      what: 'an even share',
    });
    await wave();
    await until(async () => (await workers.total(6)) === 2 * sent);
    await workers.stop(first);
    await wave();
    await until(async () => (await workers.total(6)) === 3 * sent);
    await until(() => second.group.names().length === PARTITIONS, { what: 'all with the other' });
  });

  it('takes partitions of several shards under one lease, and hands them over together', async () => {
    const shards = [20, 24, 28];
    const customers = customersOfEach(8);
    const sent = shards.length * customers.length;
    const wave = () => Promise.all(shards.map((shardId) => workers.appendOf(shardId, customers)));
    const all = async () =>
      (await Promise.all(shards.map((shardId) => workers.total(shardId)))).reduce((sum, one) => sum + one, 0);
    await wave();
    const first = await workers.start(shards, 'i');
    await until(async () => (await all()) === sent);
    await until(() => first.group.names().length === 3 * PARTITIONS, { what: 'all held by one' });
    expect(await workers.queueRedis.keys('*stream-main:lease-*:lock')).toHaveLength(PARTITIONS);
    const second = await workers.start(shards, 'j');
    await until(() => first.group.names().length === (3 * PARTITIONS) / 2, {
      timeoutMs: LEVEL_WITHIN_MS,
      what: 'half of it given up',
    });
    await wave();
    await until(async () => (await all()) === 2 * sent);
    const held = () => [first, second].map(({ group }) => group.names());
    await until(() => held().flat().length === 3 * PARTITIONS, { what: 'each held by one of the two' });
    // All that share a lease are with the same worker.
    const leases = (names: string[]) => [...new Set(names.map(leaseOf))];
    const both = held().flatMap(leases);
    expect(new Set(both).size).toBe(both.length);
  });

  it('gives up all of a lease whose lock went to another', async () => {
    const worker = await workers.start([21, 25], 'k');
    await workers.append(21, [workers.event(21, 'z')]);
    await workers.append(25, [workers.event(25, 'z')]);
    const partition = partitionOf('z', PARTITIONS);
    await until(() => worker.group.names().length === 2);
    const [lock] = await workers.queueRedis.keys('*stream-main:lease-*:lock');
    await workers.queueRedis.set(lock ?? '', 'another', 'PX', 1_500);
    // As the other worker would: a newer epoch of one partition.
    await workers.redis.incr(epochKey(21, partition, 'main'));
    await until(() => worker.group.names().length === 0, { what: 'both given up' });
    await workers.append(21, [workers.event(21, 'z')]);
    await workers.append(25, [workers.event(25, 'z')]);
    await until(async () => (await workers.countOf(21, 'z')) === 2 && (await workers.countOf(25, 'z')) === 2);
  });
});
