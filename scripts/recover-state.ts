/**
 * Rebuilds the state of a lost log Redis from snapshots and history: `npm run recover`. `npm start` runs it before any
 * process; with everything in place it does nothing. Where Redis is an own one, run it before the processes that use it.
 */
import { HOUR_MS } from '@/server/core/durations';
import { recoverState } from '@/server/history';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { loadEnv, required } from '@/server/platform/env';

const env = loadEnv();
const began = Date.now();
try {
  const report = await recoverState(processDeps(), {
    dedupMs: env.DEDUP_HOURS * HOUR_MS,
    idScope: required(env, 'REDIS_URL').startsWith('redis-cluster://') ? 'partition' : 'shard',
    say: (line) => console.log(line),
  });
  if (report.partitions > 0) {
    const seconds = ((Date.now() - began) / 1_000).toFixed(1);
    console.log(
      `The log Redis was empty: rebuilt ${report.partitions} partitions with ${report.customers} customers in ${seconds} s, ` +
        `${report.fromSnapshot} of them from a snapshot, with ${report.records} records of history replayed. ` +
        'Events that were acknowledged and had not reached history are lost.',
    );
  }
} catch (error) {
  process.stderr.write(
    `The state could not be rebuilt: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  await closeConnections();
}
