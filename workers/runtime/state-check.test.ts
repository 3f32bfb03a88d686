import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, encodeEvent } from '@/server/event-log';
import { listDivergences } from '@/server/history/state/divergence.repository';
import { expireState } from '@/server/history/state/expire-state.service';
import { explainState } from '@/server/history/state/explain-state.service';
import { sweepState } from '@/server/history/state/sweep-state.job';
import { totals } from '@/server/history/totals.service';
import { type ShardDescription, shardsOf } from '@/server/identity';
import { testWorkspace } from '@/server/identity/testing/test-identity';
import { readStateHealth } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { until } from '@/server/platform/until';
import { listAudit } from '@/server/privacy/audit.service';
import { readState, standingOf, stateText } from '@/server/processors';
import { RunningStream } from './running-stream-fixture';
import { longCart, sendTraffic, traffic } from './traffic-fixture';

const EVENTS = 1_900;
/** Cart events of one customer, so many that parts of the state lie beside it. */
const LONG = 400;
const PERIOD_MS = 10_000;

let stream: RunningStream;
let deps: Deps;
let workspace: Awaited<ReturnType<typeof testWorkspace>>;
let shard: ShardDescription;

beforeAll(async () => {
  stream = await RunningStream.open();
  deps = stream.deps;
  workspace = await testWorkspace(deps, 'state');
  [shard] = (await shardsOf(deps, workspace.workspaceId)) as [ShardDescription];
  await stream.startWorkers();
  await sendTraffic(stream.log, shard, [...traffic(EVENTS - LONG), ...longCart(LONG)]);
  await stream.finalTotals(workspace.workspaceId, EVENTS);
}, 300_000);

afterAll(() => stream?.close());

/** All events are in history: those of now stay provisional for the lateness. */
async function archived(events: number): Promise<void> {
  await until(
    async () => (await totals(deps, workspace.workspaceId, { from: null, to: null })).events === events,
    { timeoutMs: 120_000, everyMs: 200, what: 'events in history' },
  );
}

const stateKey = (customer: string) => `{${shard.shardId}.${partitionOf(customer, shard.partitions)}}:state`;

/** What the check goes by: a round moves it on by a second, however long the machine takes for it. */
const clock = { ms: Date.now() };

/** Runs the check as its schedule does, a round a second of its clock. @throws when it is not done within `limitMs` of it */
async function sweepUntil(isDone: () => Promise<boolean>, limitMs: number): Promise<void> {
  const end = clock.ms + limitMs;
  for (; clock.ms <= end; clock.ms += SECOND_MS) {
    await sweepState({ ...deps, now: () => clock.ms }, PERIOD_MS);
    if (await isDone()) return;
  }
  throw new Error(`The sweep was not done in ${limitMs} ms of its clock.`);
}

const open = async () =>
  (await listDivergences(deps, workspace.workspaceId, 100)).filter(({ endedAt }) => endedAt === null);

describe('the recomputation of stored states', () => {
  it('finds every customer as history makes it, linked and merged ones included', {
    timeout: 300_000,
  }, async () => {
    await sweepUntil(async () => {
      const health = await readStateHealth(deps, workspace.workspaceId);
      const progress = JSON.parse((await deps.queueRedis.get(`sweep:${workspace.workspaceId}`)) ?? '{}');
      return health !== null && typeof progress.finishedAt === 'number';
    }, 60_000);
    const progress = JSON.parse((await deps.queueRedis.get(`sweep:${workspace.workspaceId}`)) ?? '{}');
    expect(progress.checked).toBeGreaterThan(100);
    expect(progress.divergent).toBe(0);
    expect(await open()).toEqual([]);
  });

  it('finds one corrupted value within its period, tells which part, and sees it mended', {
    timeout: 300_000,
  }, async () => {
    const key = stateKey('user7');
    const whole = (await deps.logRedis.hget(key, 'user7')) ?? '';
    const state = readState(whole);
    await deps.logRedis.hset(key, 'user7', stateText({ ...state, e: Number(state.e) + 1 }));
    await sweepUntil(async () => (await open()).length > 0, PERIOD_MS);
    expect(await open()).toMatchObject([{ customer: 'user7', parts: ['events counted'] }]);
    expect((await readStateHealth(deps, workspace.workspaceId))?.divergent).toBe(1);
    await deps.logRedis.hset(key, 'user7', whole);
    await sweepUntil(async () => (await open()).length === 0, 2 * PERIOD_MS);
  });

  it('finds a value that cannot even be read', { timeout: 300_000 }, async () => {
    const key = stateKey('user9');
    const whole = (await deps.logRedis.hget(key, 'user9')) ?? '';
    await deps.logRedis.hset(key, 'user9', whole.slice(0, whole.length / 2));
    await sweepUntil(async () => (await open()).length > 0, PERIOD_MS);
    expect(await open()).toMatchObject([{ customer: 'user9', parts: ['unreadable'] }]);
    await deps.logRedis.hset(key, 'user9', whole);
    await sweepUntil(async () => (await open()).length === 0, 2 * PERIOD_MS);
  });

  it('explains a value by its events, and shows the difference; every look is audited', async () => {
    const actor = workspace.actor('ops');
    const [long] = await explainState(deps, actor, 'collector');
    expect(long).toMatchObject({ outcome: 'equal', eventCount: LONG });
    const [right] = await explainState(deps, actor, 'user11');
    expect(right).toMatchObject({ outcome: 'equal', masked: true });
    expect(right?.events.length).toBeGreaterThan(3);
    expect(right?.parts.every(({ differs, stored, recomputed }) => !differs && stored === recomputed)).toBe(
      true,
    );

    const key = stateKey('user11');
    const whole = (await deps.logRedis.hget(key, 'user11')) ?? '';
    await deps.logRedis.hset(key, 'user11', stateText({ ...readState(whole), f: 1 }));
    const [wrong] = await explainState(deps, actor, 'user11');
    expect(wrong?.outcome).toBe('different');
    expect(wrong?.parts.filter(({ differs }) => differs).map(({ part }) => part)).toEqual(['first seen']);
    await deps.logRedis.hset(key, 'user11', whole);

    const audit = await listAudit(deps, workspace.workspaceId, { action: 'state.explained' }, { limit: 10 });
    expect(audit.rows).toMatchObject([
      { actorId: actor.userId, subject: 'user11' },
      { actorId: actor.userId, subject: 'user11' },
      { actorId: actor.userId, subject: 'collector' },
    ]);
    expect(await explainState(deps, actor, 'nobody')).toEqual([]);
  });
});

const visitor = (name: string, at: number, index: number): CustomerEvent => ({
  k: 'e',
  id: `visit-${name}-${index}`,
  c: name,
  t: at,
  r: at,
  s: 'source',
  y: 'page',
  n: 'Home',
  pl: 'web',
  p: {},
});

async function visit(events: CustomerEvent[]): Promise<void> {
  const encoded = events.map((event) => encodeEvent(event, event.id, shard.partitions));
  await stream.log.append({ shardId: shard.shardId, events: encoded, deadLetters: [] });
}

describe('state that leaves by age', () => {
  const policy = { inactiveDays: 30, cooldownDays: null };
  const run = (dryRun: boolean) => expireState(deps, [shard], { policy, dryRun, limitMs: 60_000 });

  it('is counted by a dry run exactly as the run then removes it', { timeout: 300_000 }, async () => {
    const old = [Date.now() - 400 * DAY_MS, Date.UTC(1966, 4, 1)] as const;
    await visit(Array.from({ length: 40 }, (_, i) => visitor(`once${i}`, old[i % 2] ?? 0, i)));
    await visit([visitor('now1', Date.now() - 1_000, 1), visitor('now2', Date.now(), 2)]);
    await archived(EVENTS + 42);
    const [early] = await explainState(deps, workspace.actor('ops'), 'once1');
    expect(early).toMatchObject({ outcome: 'equal', eventCount: 1 });
    const keysBefore = await stateKeys();
    const bought = (await states()).filter(([, text]) => standingOf(readState(text)).lasting);
    expect(bought.length).toBeGreaterThan(20);
    const tried = await run(true);
    expect(await stateKeys()).toEqual(keysBefore);
    expect(tried.customers.keys).toBeGreaterThanOrEqual(40);
    expect(tried.customers.activeVisits).toBe(0);
    const done = await run(false);
    expect(done).toEqual(tried);
    const left = await stateKeys();
    expect(keysBefore.length - left.length).toBe(tried.customers.keys);
    expect(left).toContain('now1');
    // Who ordered, or is one person under several keys, stays however long ago that was.
    expect(left).toEqual(expect.arrayContaining(bought.map(([key]) => key)));
    expect((await run(true)).customers.keys).toBe(0);
  });

  it('begins anew when a customer comes back, and the recomputation knows', {
    timeout: 300_000,
  }, async () => {
    await visit([visitor('once3', Date.now(), 1_000)]);
    await archived(EVENTS + 43);
    const [back] = await explainState(deps, workspace.actor('ops'), 'once3');
    expect(back).toMatchObject({ outcome: 'equal', eventCount: 1 });
  });

  async function states(): Promise<[string, string][]> {
    const found: [string, string][] = [];
    for (let partition = 0; partition < shard.partitions; partition += 1)
      found.push(...Object.entries(await deps.logRedis.hgetall(`{${shard.shardId}.${partition}}:state`)));
    return found;
  }

  async function stateKeys(): Promise<string[]> {
    return (await states()).map(([key]) => key).sort();
  }
});

it('does not depend on which of a chain’s customers a key came to first', { timeout: 60_000 }, async () => {
  const at = Date.now();
  await visit([
    visitor('device', at, 2_000),
    { ...visitor('member', at + 1, 2_001), l: 'device' },
    { ...visitor('merged', at + 2, 2_002), l: 'member' },
  ]);
  await archived(EVENTS + 46);
  for (const first of ['member', 'merged']) {
    const text = await deps.logRedis.hget(stateKey('device'), 'device');
    await deps.logRedis.hset(stateKey('device'), 'device', stateText({ ...readState(text ?? ''), m: first }));
    const [explained] = await explainState(deps, workspace.actor('ops'), 'merged');
    expect(explained).toMatchObject({ outcome: 'equal', eventCount: 3 });
  }
});
