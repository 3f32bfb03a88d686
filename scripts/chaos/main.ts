/**
 * Steady load while processes are killed and paused and the network to both Redis is bad, all drawn from one seed.
 * Afterwards every acknowledged event must be in history once, and the digest of all keyed state must equal that of a
 * clean run.
 *
 * The clean run is a second Millrace without faults, which is sent the same events – id, time and content – in the
 * order in which the first one's log held them. The log itself is trimmed behind its readers; what it held and in
 * which order is read back from history, so that an event that was never acknowledged but landed is part of both runs.
 *
 * With several workspaces the traffic goes to each in turn: from the fifth on, shards share leases.
 *
 * Usage: npm run chaos -- [--minutes 1] [--seed 1] [--rate 300] [--workspaces 1] [--log redis|kafka]
 * On Kafka a broker of its own is killed, paused and reached through a bad network too. EVENT_LOG is the default of --log.
 * Ends with one line `N passed, N failed`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchProduct } from '../bench/rows/bench-product';
import { skipAloud } from '../faults/other-log';
import { startOwnLog, whyNoOwnKafka } from '../faults/own-log';
import { ChaosProduct } from './chaos-product';
import { ChaosTraffic, type Targets } from './chaos-traffic';
import { customerStates, stateDifferences } from './customer-states';
import { type ChaosLog, faultSchedule, nameOf } from './fault-schedule';
import { inject } from './inject-fault';
import { RefusedCommits } from './refused-commits';
import { archivedIds, onceEach, oneEffectEach, replayInto, restingDigest } from './verdict';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '300' },
    workspaces: { type: 'string', default: '1' },
    log: { type: 'string', default: process.env.EVENT_LOG ?? 'redis' },
  },
});
const seed = Number(options.seed);
const log: ChaosLog = options.log === 'kafka' ? 'kafka' : 'redis';
/** Part of the batches that are not sent again. */
const SENT_ONCE = 0.05;
const workspaces = Number(options.workspaces);
if (workspaces > 1 && log === 'kafka') throw new Error('Several workspaces are for --log redis.');
const durationMs = Number(options.minutes) * 60_000;

let passed = 0;
let failed = 0;
function judge(title: string, problems: readonly string[]): void {
  process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${title}\n`);
  for (const problem of problems.slice(0, 10)) process.stdout.write(`        ${problem}\n`);
  if (problems.length === 0) passed += 1;
  else failed += 1;
}

/** @returns how often each fault was carried out */
async function carryOut(chaos: ChaosProduct): Promise<Map<string, number>> {
  const began = Date.now();
  const done = new Map<string, number>();
  const running: Promise<void>[] = [];
  for (const { at, fault } of faultSchedule(seed, durationMs, log)) {
    await pause(Math.max(0, began + at - Date.now()));
    const carriedOut = inject(chaos, fault).then((wasDone) => {
      const name = wasDone ? nameOf(fault) : `${nameOf(fault)} (while it was not running)`;
      done.set(name, (done.get(name) ?? 0) + 1);
    });
    running.push(carriedOut);
  }
  await pause(Math.max(0, began + durationMs - Date.now()));
  await Promise.all(running);
  return done;
}

interface ChaoticRun {
  traffic: ChaosTraffic;
  ids: string[];
  standing: Standing;
}

/** What a run came to: the digest that is judged, and the states it is taken of, to name those that differ. */
interface Standing {
  digest: string;
  states: Map<string, string>;
}

async function chaoticRun(): Promise<ChaoticRun> {
  const chaos = await ChaosProduct.start(log);
  const { product, metricsPorts } = chaos;
  try {
    const refused = new RefusedCommits(metricsPorts);
    const shops = await BenchProduct.of(product, workspaces);
    const traffic = new ChaosTraffic(targetsOf(shops), {
      seed,
      rate: Number(options.rate),
      sentOnce: SENT_ONCE,
    });
    refused.start();
    const sending = traffic.run();
    const done = await carryOut(chaos);
    traffic.stop();
    await sending;
    const sentMs = Date.now();
    if (workspaces > 1) await shops.drain();
    const digest = await restingDigest(product);
    await shops.disconnect();
    const drainSeconds = (Date.now() - sentMs) / 1_000;
    await refused.look();
    refused.stop();
    const count = [...done.values()].reduce((sum, times) => sum + times, 0);
    process.stdout.write(`${count} faults in ${options.minutes} min with seed ${seed} on ${log}:\n`);
    for (const [name, times] of [...done].sort()) process.stdout.write(`    ${times} × ${name}\n`);
    process.stdout.write(
      `${traffic.acknowledged} events acknowledged, ${traffic.retried} batches sent again (${answersOf(traffic)}), the longest for ${(traffic.longestMs / 1_000).toFixed(1)} s; at rest ${drainSeconds.toFixed(1)} s after the last\n`,
    );
    const zombies = refused.sums.get('STALE_EPOCH') ?? 0;

    judge('every acknowledged event is in history once, no other twice', await onceEach(product, traffic));
    judge('GET messages/{id} tells of one effect', await oneEffectEach(product, traffic, seed));
    const pauses = [...done].filter(([name]) => name.startsWith('pause stream')).length;
    judge(
      `commits of workers that had lost their lease are counted and refused: ${zombies}`,
      pauses > 0 && zombies === 0 ? ['workers were paused past their lease, and none was refused'] : [],
    );
    const standing = { digest, states: await customerStates(product) };
    return { traffic, standing, ids: await archivedIds(product, traffic.prefix) };
  } catch (error) {
    process.stdout.write(`${product.output().split('\n').slice(-30).join('\n')}\n`);
    throw error;
  } finally {
    await chaos.stop();
  }
}

function answersOf({ answers }: ChaosTraffic): string {
  const told = [...answers].map(([status, times]) => `${times} × ${status === 0 ? 'no answer' : status}`);
  return told.sort().join(', ') || 'none';
}

async function cleanRun({ traffic, ids }: ChaoticRun): Promise<Standing> {
  const ownLog = await startOwnLog({ EVENT_LOG: log });
  const clean = await BenchProduct.start({ EVENT_LOG: log, ...(await ownLog.settings()) }, workspaces);
  try {
    await replayInto(targetsOf(clean), traffic, ids);
    if (workspaces > 1) await clean.drain();
    return { digest: await restingDigest(clean.product), states: await customerStates(clean.product) };
  } finally {
    await clean.stop();
    await ownLog.stop();
  }
}

function targetsOf({ product, writeKeys }: BenchProduct): Targets {
  return { collectorUrl: product.collectorUrl, writeKeys };
}

async function judgeChaos(): Promise<void> {
  const run = await chaoticRun();
  const clean = await cleanRun(run);
  judge(
    `the digest equals that of a clean run over the same ${run.ids.length} events`,
    run.standing.digest === clean.digest ? [] : [`${run.standing.digest}, the clean run ${clean.digest}`],
  );
  judge(
    `so do the states of all ${clean.states.size} customers of ${workspaces} workspaces`,
    stateDifferences(run.standing.states, clean.states),
  );
}

const whyNot = log === 'kafka' ? await whyNoOwnKafka() : null;
if (whyNot) skipAloud(whyNot);
else {
  await judgeChaos().catch((error: unknown) =>
    judge(error instanceof Error ? error.message : String(error), ['it could not be carried through']),
  );
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
