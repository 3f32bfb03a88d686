/** `npm run check`: every check runs, whatever the one before found; ends with one line. */
import { boundaries } from './boundaries';
import { doubledBlocks } from './doubled-blocks';
import { tool } from './tool';
import { vulnerabilities } from './vulnerabilities';

interface Check {
  readonly name: string;
  /** Resolves with what it found wrong; nothing: passed; null: could not be run, which is said aloud. */
  run(): Promise<string | null>;
}

const checks: Check[] = [
  { name: 'types', run: () => tool('node_modules/typescript/bin/tsc', ['--noEmit']) },
  {
    name: 'lint and format',
    run: () => tool('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  },
  { name: 'boundaries and cycles', run: boundaries },
  { name: 'dead code', run: () => tool('node_modules/knip/bin/knip.js', ['--no-progress']) },
  { name: 'doubled blocks', run: doubledBlocks },
  { name: 'known vulnerabilities', run: vulnerabilities },
];

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { name, run } of checks) {
  const found = await run().catch((error) => String(error));
  const verdict = found === null ? 'skipped' : found === '' ? 'passed' : 'failed';
  counts[verdict] += 1;
  console.log(`${name}: ${verdict}`);
  if (found) console.log(found);
}
console.log(`${counts.passed} checks passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
process.disconnect?.();
