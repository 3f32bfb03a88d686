import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDeps } from '@/server/identity/testing/test-identity';
import { removeHeartbeat, writeHeartbeat } from './heartbeats';
import { lagOf } from './lag.service';

const SHARD = { shardId: 7_001, partitions: 3 };
const AT = Date.parse('2026-03-01T10:00:00Z');
const [LIVING, DYING] = ['worker-a', 'worker-b'];

let deps: Awaited<ReturnType<typeof testDeps>>;
let now = AT;

beforeAll(async () => {
  deps = { ...(await testDeps()), now: () => now };
});

beforeEach(async () => {
  now = AT;
  for (const worker of [LIVING, DYING]) await removeHeartbeat(deps.queueRedis, 'main', worker);
});

function beat(worker: string, partition: number): Promise<void> {
  const partitions = [`${SHARD.shardId}.${partition}`];
  return writeHeartbeat(deps.queueRedis, {
    group: 'main',
    worker,
    at: now,
    partitions,
    loads: [0],
    leases: [],
  });
}

async function mainLag(): Promise<(number | null)[]> {
  const readings = await lagOf(deps, SHARD);
  return readings.filter(({ group }) => group === 'main').map(({ lagSeconds }) => lagSeconds);
}

describe('the lag of drained partitions', () => {
  it('is 0 while the owner is heard of, and where nobody is needed', async () => {
    await beat(LIVING, 0);
    await beat(DYING, 1);
    expect(await mainLag()).toEqual([0, 0, 0]);
  });

  it('is unknown from the last word of a worker that died until somebody has taken its partitions', async () => {
    await beat(LIVING, 0);
    await beat(DYING, 1);
    for (let second = 1; second < 9; second += 1) {
      now += 1_001;
      await beat(LIVING, 0);
      expect(await mainLag()).toEqual([0, null, 0]);
    }
    await beat(LIVING, 1);
    expect((await mainLag())[1]).toBe(0);
  });

  it('is known where a worker has stopped in order', async () => {
    await beat(LIVING, 0);
    await beat(DYING, 1);
    await removeHeartbeat(deps.queueRedis, 'main', DYING);
    now += 900;
    expect(await mainLag()).toEqual([0, 0, 0]);
  });

  it('is unknown everywhere when nobody is heard of', async () => {
    await beat(LIVING, 0);
    now += 1_001;
    expect(await mainLag()).toEqual([null, null, null]);
  });
});
