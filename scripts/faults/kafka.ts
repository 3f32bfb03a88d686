/**
 * The fault tests on Kafka, with a broker of their own: conformance, the worked timelines, replays under kills of the product and the broker, a
 * broker that is restarted under load. Skipped aloud where no broker is to be had, except in CI.
 *
 * Usage: tsx scripts/faults/kafka.ts
 * Ends with one line `N passed, N failed[, N skipped]`.
 */
import { skipAloud, testOtherLog } from './other-log';
import { whyNoOwnKafka } from './own-log';

const reason = await whyNoOwnKafka();
if (reason) skipAloud(reason);
else {
  await testOtherLog({
    settings: { EVENT_LOG: 'kafka' },
    tests: ['server/event-log/kafka', 'workers/runtime/claims.property.test.ts'],
    server: 'the broker',
  });
}
