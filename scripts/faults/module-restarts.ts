/**
 * Modules are deployed apart: under load one after the other is restarted as a deployment does it, and the lag of the
 * groups beside it does not move. What a restart must show on the module's own lag is looked for as well, so that a board
 * that shows nothing cannot pass.
 *
 * Usage: tsx scripts/faults/module-restarts.ts
 * Ends with one line `N passed, N failed`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@/server/platform/until';
import type { LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import { type ModuleKey, moduleOf } from '@/server/scaling/module.schema';
import { countedEvents } from '../bench/product-figures';
import { startOwnProduct } from '../own-product';
import { LagBoardWatch } from './lag-board-watch';
import { SteadyTraffic } from './supervision-watch';

/**
 * By the name of its process, as `npm start` tells it, and by what its command line holds. Not processing: the one group
 * beside it, the archive, follows it.
 */
const RESTARTED = [
  { module: 'archive', process: 'archive', command: '--only archive' },
  { module: 'metrics', process: 'metrics', command: '--only metrics' },
  { module: 'jobs', process: 'jobs', command: 'workers/jobs.ts' },
] as const satisfies { module: ModuleKey; process: string; command: string }[];

const GROUPS = ['main', 'archive'] as const;
type Group = (typeof GROUPS)[number];

/** What has just started is behind for a moment: no measure of what is calm. */
const SETTLE_MS = 15_000;
const CALM_MS = 10_000;
/** After it runs again: until it has worked off what waited for it. */
const AFTER_MS = 5_000;
const AGAIN_LIMIT_MS = 45_000;
/** A process that starts takes processor time from the others on a small machine. */
const TOLERANCE_SECONDS = 1;
/** A restart takes longer than this, and so much must show on its own lag. */
const OWN_AT_LEAST_SECONDS = 0.5;

/** Lag of a group over a while, s; a reading that was not known is null. */
type Course = (number | null)[];

const worst = (course: Course) => Math.max(0, ...course.map((one) => one ?? 0));
const unknown = (course: Course) => course.filter((one) => one === null).length;

const product = await startOwnProduct();
const board = await LagBoardWatch.open(product);
const traffic = new SteadyTraffic(product);
let passed = 0;
let failed = 0;

/** What the board showed of each group while something was done. */
async function during(work: () => Promise<unknown>): Promise<Record<Group, Course>> {
  const seen: Record<Group, Course> = { main: [], archive: [] };
  const stop = board.listen(({ groups }: LagBoardSnapshot) => {
    for (const group of GROUPS)
      seen[group].push(groups.find((one) => one.group === group)?.lagSeconds ?? null);
  });
  await work();
  stop();
  return seen;
}

async function restart({ process: name, command }: (typeof RESTARTED)[number]): Promise<void> {
  const [pid] = product.pidsOf(command);
  if (pid === undefined) throw new Error(`${name} does not run`);
  const printed = product.output().length;
  process.kill(pid, 'SIGTERM');
  await until(() => product.output().slice(printed).includes(`${name} runs again.`), {
    timeoutMs: AGAIN_LIMIT_MS,
    everyMs: 100,
    what: `${name} to run again`,
  });
  await pause(AFTER_MS);
}

function moved(group: Group, calm: Course, then: Course): string | null {
  const [before, after] = [worst(calm), worst(then)];
  if (after > before + TOLERANCE_SECONDS)
    return `the lag of ${group} went from ${before.toFixed(1)} s to ${after.toFixed(1)} s`;
  if (unknown(then) > unknown(calm) + 1)
    return `the lag of ${group} was not known ${unknown(then)} times of ${then.length}`;
  return null;
}

async function check(one: (typeof RESTARTED)[number]): Promise<void> {
  const calm = await during(() => pause(CALM_MS));
  const then = await during(() => restart(one));
  const own = moduleOf(one.module).group;
  const others = GROUPS.filter((group) => group !== own);
  const problems = others
    .map((group) => moved(group, calm[group], then[group]))
    .filter((word) => word !== null);
  if (own !== null && unknown(then[own]) === 0 && worst(then[own]) < OWN_AT_LEAST_SECONDS)
    problems.push('its own lag shows nothing of it');
  const words = GROUPS.map(
    (group) => `${group} ${worst(calm[group]).toFixed(1)} → ${worst(then[group]).toFixed(1)} s`,
  ).join(', ');
  if (problems.length === 0) passed += 1;
  else failed += 1;
  const verdict = problems.length === 0 ? 'ok ' : 'FAILED';
  process.stdout.write(`${verdict} ${one.module} restarted: worst lag ${words}. ${problems.join('; ')}\n`);
}

try {
  await pause(SETTLE_MS);
  for (const one of RESTARTED) await check(one);
  const acknowledged = await traffic.stop();
  const events = await countedEvents(product, acknowledged);
  if (events === acknowledged) passed += 1;
  else failed += 1;
  process.stdout.write(`${acknowledged} events acknowledged, ${events} counted\n`);
} catch (error) {
  failed += 1;
  process.stdout.write(`FAILED ${error instanceof Error ? error.message : error}\n`);
} finally {
  board.close();
  await product.stop();
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
