import { Queue, Worker } from 'bullmq';
import { AlertEvaluator } from '@/server/alerts';
import { writeSamplesOfMany } from '@/server/observability';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { required } from '@/server/platform/env';
import { createPrisma } from '@/server/platform/postgres';
import { QUEUE_PREFIX, queueConnection } from '@/server/platform/queue';
import { groupLagReader } from '@/server/scaling';
import { bulkUrl } from './runtime/bulk-url';
import { JOB_CATALOGUE, JOB_NAMES, jobDefinition } from './runtime/job-catalogue';
import { type ProcessContext, type RunningProcess, runProcess } from './runtime/process';
import { registerStateMetrics } from './runtime/state-metrics';

const QUEUE = 'jobs';
const CONCURRENCY = 4;
const LOCK_MS = 60_000;
const KEEP = { count: 50 };
const EVALUATE_EVERY_MS = 1_000;

/** Schedules and carries out what is independent of a partition; judges thresholds every second. */
async function start({ env, logger, metrics }: ProcessContext): Promise<RunningProcess> {
  // Days of history are made by the workers' role.
  const db = createPrisma(env.WORKER_DATABASE_URL ?? required(env, 'DATABASE_URL'), {
    applicationName: 'millrace-jobs',
    maxConnections: 5,
  });
  const deps = { ...processDeps(), db };
  // Samples of all workspaces are added in one statement.
  const bulk = createPrisma(bulkUrl(env), { applicationName: 'millrace-jobs-bulk', maxConnections: 1 });
  registerStateMetrics(metrics, deps);
  const url = required(env, 'QUEUE_REDIS_URL');
  const queue = new Queue(QUEUE, {
    connection: queueConnection(url, 'jobs', 'produce'),
    prefix: QUEUE_PREFIX,
  });
  queue.on('error', () => undefined);
  await keepSchedules(queue);
  const worker = new Worker(
    QUEUE,
    async (job) => {
      const definition = jobDefinition(job.name);
      if (!definition) {
        logger.warn({ job: job.name }, 'a job of an unknown kind was recorded and left undone');
        return { unknown: true };
      }
      definition.payload.parse(job.data);
      return definition.run(deps);
    },
    {
      connection: queueConnection(url, 'jobs', 'consume'),
      prefix: QUEUE_PREFIX,
      concurrency: CONCURRENCY,
      lockDuration: LOCK_MS,
    },
  );
  worker.on('error', () => undefined);
  worker.on('failed', (job, error) => logger.warn({ err: error, job: job?.name }, 'a job failed'));

  const evaluator = new AlertEvaluator(deps, {
    lagOf: groupLagReader(deps, 'main'),
    keepSamples: (samples) => writeSamplesOfMany(bulk, samples),
    onError: (error, workspaceId) =>
      logger.warn({ err: error, workspaceId }, 'thresholds could not be judged'),
  });
  const judging = setInterval(() => void evaluator.tick(), EVALUATE_EVERY_MS);
  return {
    async ready() {
      await deps.queueRedis.ping();
    },
    async stop() {
      clearInterval(judging);
      await evaluator.close();
      await worker.close();
      await queue.close();
      await db.$disconnect();
      await bulk.$disconnect();
      await closeConnections();
    },
  };
}

/** One scheduler per kind, also after a release that changed or dropped some; the first run is at once. */
async function keepSchedules(queue: Queue): Promise<void> {
  for (const name of JOB_NAMES) {
    const { everyMs, attempts, backoffMs } = JOB_CATALOGUE[name];
    await queue.upsertJobScheduler(
      name,
      { every: everyMs },
      {
        name,
        data: {},
        opts: {
          attempts,
          backoff: { type: 'exponential', delay: backoffMs },
          removeOnComplete: KEEP,
          removeOnFail: KEEP,
        },
      },
    );
  }
  for (const { key } of await queue.getJobSchedulers()) {
    if (!jobDefinition(key)) await queue.removeJobScheduler(key);
  }
}

await runProcess({ name: 'jobs', modules: ['jobs', 'metrics'], ownHealthServer: true, start });
