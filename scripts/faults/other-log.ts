import { spawn } from 'node:child_process';
import { load, sleep } from '../bench/processes';
import { countedEvents, drain } from '../bench/product-figures';
import { startOwnProduct } from '../own-product';
import { type OwnLog, startOwnLog } from './own-log';
import { runProgram } from './program';

const RATE = 500;
const LOAD_SECONDS = 40;
const RESTARTS = 3;
const BETWEEN_RESTARTS_MS = 8_000;

export interface OtherLog {
  /** What makes `startOwnLog` start it. */
  settings: Record<string, string>;
  /** Test files of its conformance. */
  tests: string[];
  /** Names its servers in what is printed. */
  server: string;
}

/**
 * A log other than the one that comes with the product: its conformance; the worked timelines; the replays with the same digest as on Redis
 * Streams; and its servers killed under load, with nothing lost. Ends with one line `N passed, N failed`.
 */
export async function testOtherLog(other: OtherLog): Promise<void> {
  let passed = 0;
  let failed = 0;
  const judge = (name: string, problems: readonly string[]) => {
    process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${name}\n`);
    for (const problem of problems) process.stdout.write(`        ${problem}\n`);
    if (problems.length === 0) passed += 1;
    else failed += 1;
  };
  judge('conformance', (await conformance(other.tests)) === 0 ? [] : ['its tests failed']);
  judge('the worked timelines', await timelines(other.settings).catch((error: Error) => [error.message]));
  const replay = 'scripts/faults/replay-under-kills.ts';
  const onStreams = await runProgram([replay, '--only', 'once'], { EVENT_LOG: 'redis', REDIS_CLUSTER: '' });
  const digest = /^digest ([0-9a-f]{64})$/m.exec(onStreams.text)?.[1];
  judge('a replay on Redis Streams has a digest', digest ? [] : ['there is none to compare with']);
  const replays = await runProgram(
    [replay, ...['--seed', '1', '--kills', '10'], ...(digest ? ['--digest', digest] : [])],
    other.settings,
  );
  passed += replays.passed;
  failed += replays.failed;
  judge(
    `${other.server} killed ${RESTARTS} times at ${RATE} events/s`,
    await underRestarts(other.settings).catch((error: Error) => [error.message]),
  );
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Says why nothing was tested; where tests must run (`CI` is set) that is a failure. */
export function skipAloud(reason: string): void {
  const must = Boolean(process.env.CI);
  process.stdout.write(`${must ? 'FAILED' : 'SKIPPED'}  ${reason}\n`);
  process.stdout.write(must ? '0 passed, 1 failed\n' : '0 passed, 0 failed, 1 skipped\n');
  process.exitCode = must ? 1 : 0;
}

const conformance = (files: readonly string[]) =>
  runShown(['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...files]);

/** The journey of the timelines, with a product of its own on this log. @returns what is wrong */
async function timelines(settings: Record<string, string>): Promise<string[]> {
  const log = await startOwnLog(settings);
  try {
    const journey = ['test', 'timelines', '--config', 'e2e/playwright.config.ts', '--reporter', 'line'];
    const code = await runShown(['node_modules/@playwright/test/cli.js', ...journey], await log.settings());
    return code === 0 ? [] : ['some came to something else'];
  } finally {
    await log.stop();
  }
}

/** Runs a program of Node and shows what it prints beside the report. @returns its exit code */
function runShown(args: readonly string[], settings: Record<string, string> = {}): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...settings },
  });
  return new Promise((resolve) => child.on('exit', resolve));
}

async function underRestarts(settings: Record<string, string>): Promise<string[]> {
  const log = await startOwnLog(settings);
  try {
    return await losses(log);
  } finally {
    await log.stop();
  }
}

/** What was acknowledged and is not counted, or counted twice. */
async function losses(log: OwnLog): Promise<string[]> {
  const product = await startOwnProduct(await log.settings());
  try {
    const sending = load({
      url: product.collectorUrl,
      writeKey: product.keys.writeKey,
      seconds: LOAD_SECONDS,
      connections: 4,
      rate: RATE,
    });
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await sleep(BETWEEN_RESTARTS_MS);
      await log.restart?.();
    }
    const { accepted, retried } = await sending;
    await drain(product);
    const counted = await countedEvents(product, accepted);
    process.stdout.write(
      `      ${accepted} acknowledged, ${retried} asked to come again, ${counted} counted\n`,
    );
    return counted === accepted ? [] : [`${counted} events counted, ${accepted} acknowledged`];
  } finally {
    await product.stop();
  }
}
