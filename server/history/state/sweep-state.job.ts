import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import { tellStateHealth } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { partitionKeys } from '@/server/scaling';
import { type CheckedState, checkStates } from './check-state.service';
import { endDivergences, noteDivergence, noteSweep, openDivergences } from './divergence.repository';
import { activePartitionsOf } from './partition-list.repository';
import { scanPage } from './stored-states.repository';
import { type SweepPace, sharedPace, sweepPace } from './sweep-pace';
import {
  type Doubtful,
  keepProgress,
  keepShare,
  readProgresses,
  type SweepProgress,
} from './sweep-progress.repository';
import { takeTurn } from './turn.repository';

export const SWEEP_ROUND_MS = SECOND_MS;
const TURN_MS = MINUTE_MS;
/** A round ends after this much work, whatever is left. */
const ROUND_LIMIT_MS = 2 * SECOND_MS;
const AT_ONCE = 25;
/** What differs is looked at again after this long, this often, before it is told: it may have been on its way. */
const LOOK_AGAIN_MS = 1_500;
const LOOKS = 2;
const MOST_DOUBTFUL = 500;

type PaceOf = (customers: number) => SweepPace;

interface SweepPlace {
  shard: ShardDescription;
  partition: number;
}

/** Within this time every customer is recomputed, as far as the pace allows, ms. */
export function checkPeriodMs(): number {
  return loadEnv().STATE_CHECK_PERIOD_MS;
}

/** A round of the divergence check in every workspace. @returns customers looked at */
export async function sweepState(deps: Deps, periodMs = checkPeriodMs()): Promise<number> {
  const sum = await takeTurn(deps, 'sweep', TURN_MS, async () => {
    const shards = await listShards(deps);
    const active = await activePartitionsOf(
      deps,
      shards.map(({ shardId }) => shardId),
    );
    // Where no event ever came there is nobody to look at.
    const used = shards.filter(({ shardId }) => active.get(shardId)?.length);
    const byWorkspace = Map.groupBy(used, (shard) => shard.workspaceId);
    const progresses = await readProgresses(deps, [...byWorkspace.keys()]);
    const share = sharedPace(
      progresses.flatMap((progress) => (progress === null ? [] : [progress.customers])),
      periodMs,
    );
    await keepShare(deps, share);
    const paceOf: PaceOf = (customers) => sweepPace(customers, periodMs, share);
    const looked = await eachInTurn(
      [...byWorkspace].entries(),
      ([, [workspaceId]]) => workspaceId,
      ([index, [workspaceId, own]]) =>
        sweepWorkspace(deps, workspaceId, placesOf(own, active), progresses[index] ?? null, paceOf),
    );
    return looked.reduce((sum, one) => sum + one, 0);
  });
  return sum ?? 0;
}

async function sweepWorkspace(
  deps: Deps,
  workspaceId: string,
  places: readonly SweepPlace[],
  before: SweepProgress | null,
  paceOf: PaceOf,
): Promise<number> {
  const isDue = before === null || before.finishedAt !== null;
  const lastedMs = before === null ? 0 : paceOf(before.customers).sweepMs;
  if (isDue && before !== null && deps.now() - before.startedAt < lastedMs) return 0;
  if (!isDue && !hasWork(before, paceOf(before.customers), deps.now())) return 0;
  const sweep = isDue ? await beginSweep(deps, places) : before;
  // Before the first customer there is nothing to wait a whole pass for.
  if (sweep.customers === 0) return 0;
  const pace = paceOf(sweep.customers);
  const seen = sweep.seen;
  const deadline = deps.now() + ROUND_LIMIT_MS;
  await lookAgain(deps, workspaceId, sweep, places);
  while (!sweep.passed && sweep.seen < allowedBy(sweep, pace, deps.now()) && deps.now() < deadline)
    await sweepPage(deps, workspaceId, sweep, places);
  if (sweep.passed && sweep.doubtful.length === 0) await endSweep(deps, workspaceId, sweep);
  await keepProgress(deps, workspaceId, sweep);
  if (sweep.seen > seen || sweep.passed) {
    const divergent = await openDivergences(deps, workspaceId);
    await tellStateHealth(deps, workspaceId, { divergent, at: deps.now() });
  }
  return sweep.seen - seen;
}

/** Customers that may have been looked at by `now` (ms). */
function allowedBy({ startedAt }: SweepProgress, { perSecond }: SweepPace, now: number): number {
  return ((now - startedAt + SWEEP_ROUND_MS) * perSecond) / 1_000;
}

function hasWork(sweep: SweepProgress, pace: SweepPace, now: number): boolean {
  if (sweep.passed || sweep.seen < allowedBy(sweep, pace, now)) return true;
  return sweep.doubtful.some(({ nextAt }) => nextAt <= now);
}

function placesOf(
  shards: readonly ShardDescription[],
  active: ReadonlyMap<number, readonly number[]>,
): SweepPlace[] {
  return shards.flatMap((shard) =>
    (active.get(shard.shardId) ?? []).map((partition) => ({ shard, partition })),
  );
}

async function beginSweep(deps: Deps, places: readonly SweepPlace[]): Promise<SweepProgress> {
  const pipeline = deps.logRedis.pipeline();
  for (const { shard, partition } of places) pipeline.hlen(partitionKeys(shard.shardId, partition).state);
  const sizes = (await pipeline.exec()) ?? [];
  const customers = sizes.reduce((sum, [, size]) => sum + Number(size ?? 0), 0);
  return {
    id: deps.newId('sweep'),
    startedAt: deps.now(),
    place: 0,
    cursor: '0',
    customers,
    seen: 0,
    checked: 0,
    divergent: 0,
    skipped: 0,
    oldestAt: null,
    doubtful: [],
    passed: places.length === 0,
    finishedAt: null,
  };
}

async function sweepPage(
  deps: Deps,
  workspaceId: string,
  sweep: SweepProgress,
  places: readonly SweepPlace[],
): Promise<void> {
  const place = places[sweep.place];
  if (place === undefined) {
    sweep.passed = true;
    return;
  }
  const { shard, partition } = place;
  const page = await scanPage(deps, partitionKeys(shard.shardId, partition).state, sweep.cursor, AT_ONCE);
  const customers = page.entries.map(([customer]) => customer);
  for (let from = 0; from < customers.length; from += AT_ONCE) {
    const checked = await checkStates(deps, shard, partition, customers.slice(from, from + AT_ONCE));
    await takeVerdicts(deps, workspaceId, sweep, place, checked);
  }
  sweep.seen += customers.length;
  sweep.cursor = page.cursor;
  if (page.cursor === '0') sweep.place += 1;
}

async function takeVerdicts(
  deps: Deps,
  workspaceId: string,
  sweep: SweepProgress,
  { shard, partition }: SweepPlace,
  checked: readonly CheckedState[],
): Promise<void> {
  const right: string[] = [];
  for (const { customer, text, outcome, standing } of checked) {
    const newest = standing?.newest ?? null;
    if (newest !== null) sweep.oldestAt = Math.min(sweep.oldestAt ?? newest, newest);
    if (outcome === 'equal') right.push(customer);
    else if (outcome === 'skipped') sweep.skipped += 1;
    else if (sweep.doubtful.length >= MOST_DOUBTFUL) sweep.skipped += 1;
    else
      sweep.doubtful.push({
        shardId: shard.shardId,
        partition,
        customer,
        text,
        looks: 0,
        nextAt: deps.now() + LOOK_AGAIN_MS,
      });
  }
  sweep.checked += right.length;
  if (right.length > 0) await endDivergences(deps, workspaceId, right, new Date(deps.now()));
}

/** What differed or was behind before: told once it differs again while nothing of it has moved. */
async function lookAgain(
  deps: Deps,
  workspaceId: string,
  sweep: SweepProgress,
  places: readonly SweepPlace[],
): Promise<void> {
  const due = sweep.doubtful.filter(({ nextAt }) => nextAt <= deps.now());
  sweep.doubtful = sweep.doubtful.filter(({ nextAt }) => nextAt > deps.now());
  for (const [place, doubtful] of Map.groupBy(due, (one) =>
    places.find(({ shard, partition }) => shard.shardId === one.shardId && partition === one.partition),
  )) {
    if (place === undefined) continue;
    for (let from = 0; from < doubtful.length; from += AT_ONCE)
      await lookAgainAt(deps, workspaceId, sweep, place, doubtful.slice(from, from + AT_ONCE));
  }
}

async function lookAgainAt(
  deps: Deps,
  workspaceId: string,
  sweep: SweepProgress,
  { shard, partition }: SweepPlace,
  doubtful: readonly Doubtful[],
): Promise<void> {
  const customers = doubtful.map(({ customer }) => customer);
  const checked = await checkStates(deps, shard, partition, customers);
  const at = new Date(deps.now());
  for (const [index, { customer, text, outcome, parts }] of checked.entries()) {
    const before = doubtful[index] as Doubtful;
    if (outcome === 'equal') {
      sweep.checked += 1;
      await endDivergences(deps, workspaceId, [customer], at);
    } else if (outcome === 'different' && text === before.text) {
      sweep.checked += 1;
      sweep.divergent += 1;
      await noteDivergence(deps, workspaceId, { customer, shardId: shard.shardId, partition, parts }, at);
    } else if (before.looks + 1 >= LOOKS) sweep.skipped += 1;
    else
      sweep.doubtful.push({ ...before, text, looks: before.looks + 1, nextAt: deps.now() + LOOK_AGAIN_MS });
  }
}

async function endSweep(deps: Deps, workspaceId: string, sweep: SweepProgress): Promise<void> {
  sweep.finishedAt = deps.now();
  await noteSweep(deps, workspaceId, sweep);
}
