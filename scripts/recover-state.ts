/**
 * Rebuilds the state of a lost log Redis from snapshots and history: `npm run recover`. `npm start` runs it before any
 * process; with everything in place it does nothing. Where Redis is an own one, run it before the processes that use it.
 */
import { recoverState } from '@/server/history';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { loadEnv } from '@/server/platform/env';
import { recoveryOptions } from './recovery/options';
import { RecoveryHelpers } from './recovery/rebuild-processes';

const helpers = new RecoveryHelpers();
const began = Date.now();
try {
  const report = await recoverState(processDeps(), {
    ...recoveryOptions(loadEnv()),
    say: (line) => console.log(line),
    helpers: () => helpers.rebuilds(),
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
  helpers.stop();
  await closeConnections();
}
