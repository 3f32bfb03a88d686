import { Queue, Worker } from 'bullmq';
import { closeConnections, processDeps } from '@/server/platform/connections';
import { required } from '@/server/platform/env';
import { createPrisma } from '@/server/platform/postgres';
import { JOBS_QUEUE, QUEUE_PREFIX, queueConnection } from '@/server/platform/queue';
import { JOB_CATALOGUE, JOB_NAMES, jobDefinition } from './runtime/job-catalogue';
import { type ProcessContext, type RunningProcess, runProcess } from './runtime/process';
import { registerStateMetrics } from './runtime/state-metrics';

const CONCURRENCY = 4;
const LOCK_MS = 60_000;
const KEEP = { count: 50 };

/** Schedules and carries out what is independent of a partition. */
async function start({ env, logger, metrics }: ProcessContext): Promise<RunningProcess> {
  // Days of history are made by the workers' role.
  const db = createPrisma(env.WORKER_DATABASE_URL ?? required(env, 'DATABASE_URL'), {
    applicationName: 'millrace-jobs',
    maxConnections: 5,
  });
  const deps = { ...processDeps(), db };
  registerStateMetrics(metrics, deps);
  const url = required(env, 'QUEUE_REDIS_URL');
  const queue = new Queue(JOBS_QUEUE, {
    connection: queueConnection(url, 'jobs', 'produce'),
    prefix: QUEUE_PREFIX,
  });
  queue.on('error', () => undefined);
  await keepSchedules(queue);
  const worker = new Worker(
    JOBS_QUEUE,
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
  return {
    async ready() {
      await deps.queueRedis.ping();
    },
    async stop() {
      await worker.close();
      await queue.close();
      await db.$disconnect();
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

await runProcess({ name: 'jobs', modules: ['jobs'], ownHealthServer: true, start });
