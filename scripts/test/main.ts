/** Unit, property and integration tests, then the journeys in a browser; ends with one line that sums both up. */
import { rmSync } from 'node:fs';
import { ensureRedisProgram } from '@/scripts/start/redis-program';
import { ensureBrowser } from './browser-program';
import { runLoud } from './run-loud';
import { countJourneys, countUnitTests, type TestCount } from './test-count';

const UNIT_REPORT = 'test-results/unit.json';
const JOURNEY_REPORT = 'test-results/e2e.json';

const say = (line: string) => console.log(line);

async function units(): Promise<TestCount> {
  rmSync(UNIT_REPORT, { force: true });
  const code = await runLoud('node_modules/vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${UNIT_REPORT}`,
  ]);
  return countUnitTests(UNIT_REPORT, code);
}

async function journeys(): Promise<TestCount> {
  rmSync(JOURNEY_REPORT, { force: true });
  const code = await runLoud('node_modules/@playwright/test/cli.js', [
    'test',
    '--config',
    'e2e/playwright.config.ts',
  ]);
  return countJourneys(JOURNEY_REPORT, code);
}

try {
  await ensureRedisProgram(process.env.PATH ?? '', say);
  await ensureBrowser(process.env.PATH ?? '', say);
  // The journeys need the console built, and the other tests wait for servers and timers most of their time.
  const build = runLoud('node_modules/tsx/dist/cli.mjs', ['scripts/build.ts']);
  const unitTests = await units();
  await build;
  const counts = [unitTests, await journeys()];
  const sum = (field: keyof TestCount) => counts.reduce((total, count) => total + count[field], 0);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  say('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
// The channel to the command that started this would keep it alive.
process.disconnect?.();
