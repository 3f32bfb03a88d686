/**
 * Each cause of a lag, brought about for real in a started product, must be named by the lag board, as it is pushed to a
 * person of ops, within 15 s: a burst of ten times what usually comes; one customer who sends 90 %; no worker (killed,
 * with nobody to start it again); Postgres that does not answer; handlers made slow by a costly rule. Meanwhile the lag of
 * one partition is compared with the truth, which only this program keeps: when it had each event acknowledged.
 *
 * Usage: tsx scripts/faults/lag-causes.ts [--only <cause>]
 * Ends with one line `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { partitionOf } from '@/server/core/partition';
import { offsetKey } from '@/server/event-log';
import type { LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import { sleep } from '../bench/processes';
import { startOwnProduct } from '../own-product';
import { CostlyRule } from './costly-rule';
import { LagBoardWatch } from './lag-board-watch';
import { customersBeside, PacedLoad, Probe } from './paced-load';

const NAMED_WITHIN_MS = 15_000;
const INJECTED_MS = 18_000;
const LAG_TOLERANCE_SECONDS = 1;
const DRAIN_LIMIT_MS = 90_000;
const PARTITIONS = 64;
const SHARD = 1;
const PROBE = 'probe-of-lag';
/** With the costly rule a worker does some sixty notes a second on a free machine, and fewer on a busy one. */
const CALM = 8;
const BURST = 10 * CALM;
const BUSY = 200;
/** How often it is read how far the probe's partition is, and how far from a snapshot such a reading still is of its time, ms. */
const READ_EVERY_MS = 25;
const OF_ONE_TIME_MS = 100;
/** A worker that died is missed after this, ms. */
const MISSED_AFTER_MS = 3_000;

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

type Group = 'main' | 'archive';
interface Fault {
  kind: string;
  group: Group;
  what: string;
  /** what the load was before, and for how long it is watched so that what is usual is known */
  calm: () => Promise<void>;
  begin: () => void | Promise<void>;
  end: () => void | Promise<void>;
  also?: (seen: readonly Seen[]) => string[];
}

interface Seen {
  /** ms since the fault began */
  after: number;
  snapshot: LagBoardSnapshot;
  /** of the probe's partition, s: by each count of what was processed that was read around the time of the snapshot */
  truths: number[];
}

const product = await startOwnProduct();
const redis = new Redis(product.redisUrls()[0] ?? '');
const board = await LagBoardWatch.open(product);
const rule = await CostlyRule.by(product);
const load = new PacedLoad(product, customersBeside(PROBE, PARTITIONS));
const probe = new Probe(product, PROBE);
const partition = partitionOf(PROBE, PARTITIONS);

const FAULTS: Fault[] = [
  {
    kind: 'burst',
    group: 'main',
    what: `ten times what usually comes: ${BURST} after ${CALM} events/s`,
    calm: () => calmWith({ perSecond: CALM, isRuleOn: true, seconds: 45 }),
    begin: () => {
      load.perSecond = BURST;
    },
    end: () => undefined,
  },
  {
    kind: 'hotKey',
    group: 'main',
    what: 'one customer sends 90 %',
    calm: () => calmWith({ perSecond: CALM, isRuleOn: true, seconds: 12 }),
    begin: () => {
      load.hot = { customer: 'customer-hot', perSecond: 9 * CALM };
    },
    end: () => {
      load.hot = null;
    },
  },
  {
    kind: 'noWorker',
    group: 'main',
    what: 'workers killed, and nobody starts them again',
    calm: () => calmWith({ perSecond: BUSY, isRuleOn: false, seconds: 10 }),
    begin: () => killWorkers(),
    end: () => {
      process.kill(supervisor, 'SIGCONT');
    },
    also: (seen) =>
      seen.some(
        ({ after, snapshot }) =>
          after > MISSED_AFTER_MS &&
          snapshot.rows.some(({ group, lagSeconds }) => group === 'main' && lagSeconds === 0),
      )
        ? ['a dead worker reads as zero']
        : [],
  },
  {
    kind: 'downstream',
    group: 'archive',
    what: 'Postgres does not answer',
    calm: () => calmWith({ perSecond: BUSY, isRuleOn: false, seconds: 5 }),
    begin: () => signalAll('postgres', 'SIGSTOP'),
    end: () => signalAll('postgres', 'SIGCONT'),
  },
  {
    kind: 'slowHandler',
    group: 'main',
    what: 'a rule that takes milliseconds for each event',
    calm: () => calmWith({ perSecond: BUSY, isRuleOn: false, seconds: 25 }),
    begin: () => rule.set(true),
    end: () => undefined,
  },
];

const supervisor = parentOf(product.pidsOf('--only main')[0] ?? 0);

function parentOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
}

function signalAll(process_: string, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  for (const pid of product.pidsOf(process_)) process.kill(pid, name);
}

/** A supervisor would start them again within a second: it is held while they are gone. */
function killWorkers(): void {
  process.kill(supervisor, 'SIGSTOP');
  signalAll('--only main', 'SIGKILL');
}

async function calmWith(wanted: { perSecond: number; isRuleOn: boolean; seconds: number }): Promise<void> {
  await rule.set(wanted.isRuleOn);
  load.perSecond = wanted.perSecond;
  await sleep(wanted.seconds * 1_000);
  await untilDrained();
}

async function untilDrained(): Promise<void> {
  for (const deadline = Date.now() + DRAIN_LIMIT_MS; ; await sleep(500)) {
    const groups = board.latest?.groups ?? [];
    if (groups.length > 0 && groups.every(({ lagSeconds }) => lagSeconds !== null && lagSeconds < 1)) return;
    if (Date.now() > deadline) throw new Error('the backlog did not drain');
  }
}

async function watch(fault: Fault): Promise<Seen[]> {
  const arrived: { after: number; at: number; snapshot: LagBoardSnapshot }[] = [];
  const progress: { at: number; done: number }[] = [];
  const began = Date.now();
  const undo = board.listen((snapshot) => {
    if (snapshot.at !== null) arrived.push({ after: Date.now() - began, at: snapshot.at, snapshot });
  });
  const reading = setInterval(() => {
    const at = Date.now();
    void redis
      .hget(offsetKey(SHARD, partition, fault.group), 'n')
      .then((done) => progress.push({ at, done: Number(done ?? 0) }));
  }, READ_EVERY_MS);
  await fault.begin();
  await sleep(INJECTED_MS);
  await fault.end();
  undo();
  clearInterval(reading);
  return arrived.map(({ after, at, snapshot }) => {
    // A commit may come between the board's reading and one of these: then it is right by the one before or the one after.
    const near = progress.filter((one) => Math.abs(one.at - at) <= OF_ONE_TIME_MS);
    return { after, snapshot, truths: near.map(({ done }) => probe.lagAt(at, done)) };
  });
}

function causesOf({ snapshot }: Seen, group: Group): string[] {
  return snapshot.causes
    .filter((each) => each.group === group && !each.isPast)
    .map(({ cause }) => cause.kind);
}

function judge(fault: Fault, seen: readonly Seen[]): string[] {
  const problems: string[] = [];
  const named = seen.find((each) => causesOf(each, fault.group).includes(fault.kind));
  if (!named) problems.push(`never named; told were ${told(fault, seen)}`);
  else if (named.after > NAMED_WITHIN_MS) problems.push(`named only after ${named.after} ms`);
  let worst = 0;
  for (const { snapshot, truths } of seen.filter((each) => each.truths.length > 0)) {
    const row = snapshot.rows.find((each) => each.partition === partition && each.group === fault.group);
    if (row?.lagSeconds === null && Math.min(...truths) > LAG_TOLERANCE_SECONDS)
      problems.push('a lag that is there is not known');
    const lagSeconds = row?.lagSeconds;
    if (typeof lagSeconds !== 'number') continue;
    worst = Math.max(worst, Math.min(...truths.map((truth) => Math.abs(lagSeconds - truth))));
  }
  const judged = seen.filter(({ truths }) => truths.length > 0).length;
  if (judged < INJECTED_MS / 2_000) problems.push(`only ${judged} snapshots came that could be judged`);
  if (worst > LAG_TOLERANCE_SECONDS) problems.push(`lag was ${worst.toFixed(2)} s beside the truth`);
  const lag = Math.max(...seen.flatMap(({ truths }) => truths));
  const cause = named?.snapshot.causes.find(({ cause: { kind } }) => kind === fault.kind)?.cause;
  process.stdout.write(
    `      named after ${named?.after ?? '–'} ms; lag up to ${lag.toFixed(1)} s, told within ${worst.toFixed(3)} s\n`,
  );
  if (cause) {
    const figures = cause.evidence.map(({ label, value, unit }) => `${label} ${value} ${unit}`.trim());
    process.stdout.write(`      "${cause.words}" (${figures.join(', ')})\n`);
  }
  return [...problems, ...(fault.also?.(seen) ?? [])];
}

const told = (fault: Fault, seen: readonly Seen[]) =>
  [...new Set(seen.flatMap((each) => causesOf(each, fault.group)))].join(', ') || 'none';

let passed = 0;
let failed = 0;
try {
  for (const fault of FAULTS) {
    if (options.only && options.only !== fault.kind) continue;
    let problems: string[];
    try {
      await fault.calm();
      const seen = await watch(fault);
      problems = judge(fault, seen);
      process.stdout.write(`      also told: ${told(fault, seen)}\n`);
      await rule.set(false);
      load.perSecond = 0;
      await untilDrained();
    } catch (error) {
      problems = [error instanceof Error ? error.message : String(error)];
    }
    process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${fault.kind}: ${fault.what}\n`);
    for (const problem of new Set(problems)) process.stdout.write(`      ${problem}\n`);
    if (problems.length === 0) passed += 1;
    else failed += 1;
  }
} finally {
  await Promise.all([load.stop(), probe.stop()]).catch(() => undefined);
  board.close();
  redis.disconnect();
  await product.stop();
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
