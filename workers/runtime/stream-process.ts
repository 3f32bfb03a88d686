import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import { DOORBELL_CHANNEL, logOf } from '@/server/event-log';
import { listShards } from '@/server/identity/workspaces.repository';
import { logReaders, processDeps } from '@/server/platform/connections';
import { required } from '@/server/platform/env';
import { queueConnection } from '@/server/platform/queue';
import { type Group, writeWorkerVitals } from '@/server/scaling';
import { subscribe } from './doorbell';
import { type LeaseHost, LeaseManager } from './lease-manager';
import { MainGroup } from './main-group';
import { OperatorSamplers } from './operator-samplers';
import type { ProcessContext, RunningProcess } from './process';
import { processorDefinitions } from './processor-definitions';
import { ShardPlans } from './shard-plans';
import { createStreamMetrics } from './stream-metrics';
import type { VitalsMeter } from './vitals-meter';

/** A heartbeat older than this means that leases cannot be kept. */
const BEAT_LIMIT_MS = 5_000;
const GAUGES_EVERY_MS = 1_000;
const VITALS_EVERY_MS = 1_000;

/** A name nobody else has: the machine, the process, and something by chance for one that came back. */
export function workerName(group: Group): string {
  return `${group}-${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
}

export interface HostedGroup {
  host: LeaseHost & { readonly meter: VitalsMeter; stop(): Promise<void> };
  ring(name: string): void;
}

/** Leases and doorbells of one group in this process. */
export async function runGroup(
  context: ProcessContext,
  group: Group,
  hosted: HostedGroup,
): Promise<RunningProcess> {
  const { env, logger } = context;
  const deps = processDeps();
  const worker = workerName(group);
  const leases = new LeaseManager({
    group,
    worker,
    connection: (use) => queueConnection(required(env, 'QUEUE_REDIS_URL'), worker, use),
    logRedis: deps.logRedis,
    queueRedis: deps.queueRedis,
    now: deps.now,
    host: hosted.host,
    logger,
  });
  const silence = subscribe(
    deps.queueRedis,
    {
      [DOORBELL_CHANNEL]: (name) => {
        hosted.ring(name);
        leases.rung(name);
      },
    },
    (error) =>
      logger.warn(
        { err: error },
        'doorbells are not heard; partitions are looked at every quarter of a second',
      ),
  );
  await leases.start();
  const telling = setInterval(() => {
    writeWorkerVitals(deps.queueRedis, group, worker, hosted.host.meter.take()).catch(() => undefined);
  }, VITALS_EVERY_MS);
  return {
    async ready() {
      if (deps.now() - leases.beatAt > BEAT_LIMIT_MS)
        throw new Error('The queue Redis does not take heartbeats.');
      await deps.logRedis.ping();
    },
    async stop() {
      silence();
      clearInterval(telling);
      await leases.stop(() => hosted.host.stop());
    },
  };
}

/** @returns undefined when the message does not say */
function workspaceOf(message: string): string | undefined {
  try {
    const { workspaceId } = JSON.parse(message) as { workspaceId?: unknown };
    return typeof workspaceId === 'string' ? workspaceId : undefined;
  } catch {
    return undefined;
  }
}

/** The processors: visits, carts, context, sentiment, rules and metrics, as one group. */
export async function startMain(context: ProcessContext): Promise<RunningProcess> {
  const { env, logger, metrics } = context;
  const deps = processDeps();
  const samplers = new OperatorSamplers(metrics);
  const plans = new ShardPlans({
    shards: () => listShards(deps),
    definitions: (shard) => processorDefinitions(deps, shard, samplers.of(shard.shardId)),
    now: deps.now,
    logger,
  });
  await plans.start();
  const figures = createStreamMetrics(metrics);
  const group = new MainGroup({
    log: logOf(deps),
    redis: deps.logRedis,
    readers: logReaders(),
    queueRedis: deps.queueRedis,
    now: deps.now,
    idleMs: env.IDLE_MS,
    plans,
    threw: (shardId, operator) => samplers.of(shardId).threw(operator),
    metrics: figures,
    logger,
  });
  const unsubscribe = subscribe(
    deps.queueRedis,
    { [CONFIG_CHANNEL]: (message) => void plans.changed(workspaceOf(message)) },
    () => undefined,
    // What was told meanwhile was told to nobody.
    () => void plans.changed(),
  );
  const gauges = setInterval(() => {
    figures.held.set(group.names().length);
    // Told again within a second: a time that is lost is no loss.
    samplers.tell(deps.queueRedis, deps.now).catch(() => undefined);
  }, GAUGES_EVERY_MS);
  group.start();
  const running = await runGroup(context, 'main', { host: group, ring: (name) => group.ring(name) });
  return {
    ready: () => running.ready?.() ?? Promise.resolve(),
    async stop() {
      clearInterval(gauges);
      unsubscribe();
      plans.stop();
      await running.stop();
    },
  };
}
