/**
 * The fault tests on a Redis Cluster of three masters on this machine: conformance, the worked timelines, replays, nodes that are restarted under
 * load.
 *
 * Usage: tsx scripts/faults/redis-cluster.ts
 * Ends with one line `N passed, N failed`.
 */
import { testOtherLog } from './other-log';

await testOtherLog({
  settings: { REDIS_CLUSTER: '1' },
  tests: ['server/event-log/redis-streams/redis-cluster.test.ts', 'server/platform/cluster-pipeline.test.ts'],
  server: 'a node',
});
