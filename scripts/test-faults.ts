/** The fault tests: each a program that ends with `N passed, N failed`. Runs them one after the other and adds up. */
import { runProgram } from './faults/program';

const PROGRAMS: [string, ...string[]][] = [
  ['scripts/faults/replay-under-kills.ts', '--seed', '1', '--kills', '10'],
  ['scripts/faults/kafka.ts'],
  ['scripts/faults/redis-cluster.ts'],
  ['scripts/faults/outages.ts', '--seconds', '30'],
  ['scripts/faults/disk-full.ts'],
  ['scripts/faults/lost-redis.ts'],
  ['scripts/faults/supervision.ts'],
  ['scripts/faults/module-restarts.ts'],
  ['scripts/faults/lag-causes.ts'],
  ['scripts/chaos/main.ts', '--minutes', '3', '--seed', '1', '--workspaces', '6', '--log', 'redis'],
  ['scripts/chaos/main.ts', '--minutes', '2', '--seed', '11', '--log', 'kafka'],
  ['scripts/faults/torn-aof.ts'],
  // Of these two, times are told, not judged: what else runs on the machine would be judged with them.
  ['scripts/faults/failover.ts', '--kills', '10', '--judge', 'off'],
  ['scripts/faults/opt-out-under-load.ts', '--customers', '60', '--bar-ms', '0'],
];

let passed = 0;
let failed = 0;
let skipped = 0;
for (const program of PROGRAMS) {
  process.stdout.write(`\n${program.join(' ')}\n`);
  const result = await runProgram(program);
  passed += result.passed;
  failed += result.failed;
  skipped += result.skipped;
}
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
