import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceDigest } from '@/server/history/digest.service';
import { listReports } from '@/server/history/equivalence/equivalence.repository';
import { type EquivalenceOptions, reportEquivalence } from '@/server/history/equivalence/equivalence.service';
import { bareProcessor } from '@/server/history/recovery/bare-processor';
import { takeSnapshot } from '@/server/history/snapshots/take-snapshots.job';
import type { Deps } from '@/server/platform/deps';
import { createRedis, type Redis } from '@/server/platform/redis';
import { until } from '@/server/platform/until';
import { readModules } from '@/server/scaling';
import { LostStream } from './lost-stream-fixture';
import { longCart, traffic } from './traffic-fixture';

const PARTITIONS = 8;
const EVENTS = 2_000;
const LONG = 400;
const WORKSPACE = 'ws_equivalence';
const MINUTE_MS = 60_000;

let stream: LostStream;
let reader: Redis;

/** The stores as the command has them, but that the log's Redis refuses it every write. */
function readOnlyDeps(): Deps {
  return { ...stream.deps, logRedis: reader };
}

const run = (more: Partial<EquivalenceOptions> = {}) =>
  reportEquivalence(readOnlyDeps(), {
    partitions: PARTITIONS,
    seed: 1,
    madeBy: 'somebody on here',
    toVersion: '0.2.0+fedcba987654',
    keeping: stream.keeping,
    say: () => undefined,
    ...more,
  });

beforeAll(async () => {
  stream = await LostStream.open(WORKSPACE, PARTITIONS);
  const { logRedis } = stream.deps;
  await logRedis.call(
    'ACL',
    'SETUSER',
    'reader',
    'on',
    '>reads',
    '~*',
    '+@read',
    '+@connection',
    '+@transaction',
    '+info',
  );
  const { host, port } = logRedis.options;
  reader = createRedis(`redis://reader:reads@${host}:${port}`, { name: 'reader' });
  await stream.startWorkers();
  const events = [...traffic(EVENTS - LONG), ...longCart(LONG)];
  await stream.send(events.slice(0, 1_000));
  await stream.finalTotals(1_000);
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    await takeSnapshot(stream.deps, stream.keeping, {
      workspaceId: WORKSPACE,
      shardId: stream.shard.shardId,
      partition,
    });
  await stream.send(events.slice(1_000));
  await stream.finalTotals(EVENTS);
}, 300_000);

afterAll(async () => {
  reader?.disconnect();
  await stream?.close();
});

describe('a build that is to be deployed', () => {
  it('is equivalent when it makes of the log what the running one made of it', {
    timeout: 300_000,
  }, async () => {
    const { queueRedis } = stream.deps;
    await until(async () => (await readModules(queueRedis, Date.now())).main.instances.length === 1);
    const before = await workspaceDigest(stream.deps, WORKSPACE);
    const [report] = await run();
    expect(report).toMatchObject({ verdict: 'equivalent', toVersion: '0.2.0+fedcba987654' });
    expect(report?.fromVersions).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/)]);
    expect(report?.partitions).toHaveLength(PARTITIONS);
    for (const { verdict, reason, states, facts, records } of report?.partitions ?? []) {
      expect({ verdict, reason }).toEqual({ verdict: 'equivalent', reason: null });
      expect(records).toBeGreaterThan(20);
      expect(states).toMatchObject({ different: 0, parts: {}, examples: [] });
      expect(states?.recomputed).toBeGreaterThan(5);
      expect(facts?.different).toBe(0);
    }
    const facts = report?.partitions.reduce((sum, one) => sum + (one.facts?.running ?? 0), 0) ?? 0;
    expect(facts).toBeGreaterThan(50);
    expect(await workspaceDigest(stream.deps, WORKSPACE)).toEqual(before);
    expect(await listReports(stream.deps, WORKSPACE, 10)).toEqual([report]);
  });

  it('differs in visits, and in what is published of them, when its visits end sooner', {
    timeout: 300_000,
  }, async () => {
    const [report] = await run({
      processorOf: (shard) =>
        bareProcessor({ ...shard, settings: { ...shard.settings, visitGapMs: MINUTE_MS } }),
    });
    expect(report?.verdict).toBe('differs');
    const parts = new Set(report?.partitions.flatMap(({ states }) => Object.keys(states?.parts ?? {})));
    // A cart remembers the visit it was opened in.
    expect([...parts].sort()).toEqual(['cart', 'visits']);
    const facts = report?.partitions.map((one) => one.facts) ?? [];
    expect(facts.every((one) => (one?.kinds.visit ?? 0) > 0)).toBe(true);
    expect(facts.some((one) => one?.kinds.order !== undefined)).toBe(false);
    const examples = report?.partitions.flatMap(({ states }) => states?.examples ?? []) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const { customer } of examples) expect(customer).toContain('••••');
  });

  it('says why a partition could not be compared', { timeout: 300_000 }, async () => {
    const broken = () => {
      throw new Error('this build does not start');
    };
    const [report] = await run({ partitions: 2, processorOf: broken });
    expect(report?.verdict).toBe('notCompared');
    expect(report?.partitions).toHaveLength(2);
    expect(report?.partitions[0]?.reason).toContain('this build does not start');
    expect(await run({ workspaceId: 'ws_nobody' })).toEqual([]);
  });
});
