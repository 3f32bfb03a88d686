import { AlertEvaluator } from '@/server/alerts';
import { SECOND_MS } from '@/server/core/durations';
import { writeSamplesOfMany } from '@/server/observability';
import { processDeps } from '@/server/platform/connections';
import { required } from '@/server/platform/env';
import { createPrisma } from '@/server/platform/postgres';
import { groupLagReader } from '@/server/scaling';
import { bulkUrl } from './bulk-url';
import type { ProcessContext, RunningProcess } from './process';

const EVALUATE_EVERY_MS = SECOND_MS;
/** A round that takes longer than this, or has not come, means that thresholds are not judged. */
const ROUND_LIMIT_MS = 10 * SECOND_MS;

/**
 * The metrics group: makes every metric of every workspace out of what the processors counted, keeps samples, judges
 * thresholds. It holds no partition: one process at a time has it, by a lease of its own, and others stand by.
 */
export async function startMetrics({ env, logger }: ProcessContext): Promise<RunningProcess> {
  const db = createPrisma(env.WORKER_DATABASE_URL ?? required(env, 'DATABASE_URL'), {
    applicationName: 'millrace-metrics',
    maxConnections: 3,
  });
  // Samples of all workspaces are added in one statement.
  const bulk = createPrisma(bulkUrl(env), { applicationName: 'millrace-metrics-bulk', maxConnections: 1 });
  const deps = { ...processDeps(), db };
  const evaluator = new AlertEvaluator(deps, {
    lagOf: groupLagReader(deps, 'main'),
    keepSamples: (samples) => writeSamplesOfMany(bulk, samples),
    onError: (error, workspaceId) =>
      logger.warn({ err: error, workspaceId }, 'thresholds could not be judged'),
  });
  const judging = setInterval(() => void evaluator.tick(), EVALUATE_EVERY_MS);
  void evaluator.tick();
  return {
    async ready() {
      await deps.queueRedis.ping();
      if (deps.now() - evaluator.roundEndedAt > ROUND_LIMIT_MS)
        throw new Error('Metrics have not been read for ten seconds.');
    },
    async stop() {
      clearInterval(judging);
      await evaluator.close();
      await Promise.all([db.$disconnect(), bulk.$disconnect()]);
    },
  };
}
