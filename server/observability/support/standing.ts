import { DAY_MS } from '@/server/core/durations';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { type Env, required } from '@/server/platform/env';
import { JOBS_QUEUE, QUEUE_PREFIX, queueConnection } from '@/server/platform/queue';
import type { Section } from './bundle';
import type { Mask } from './mask';

const MOST_SHARDS = 200;
const MOST_FIRINGS = 50;
const MOST_JOBS = 100;
const FIRINGS_OF_DAYS = 7;

/** What other modules know of the standing; handed in, because this one stands below them. */
export interface StandingPorts {
  lagOf(deps: Deps, shard: ShardDescription): Promise<readonly unknown[]>;
  firingsOf(
    deps: Deps,
    workspaceId: string,
    span: { from: number; to: number; limit: number },
  ): Promise<readonly ToldFiring[]>;
}

interface ToldFiring {
  name: string;
  metric: string;
  severity: string;
  comparison: string;
  threshold: unknown;
  value: number;
  /** ms */
  startedAt: number;
  /** ms; null: it goes on */
  endedAt: number | null;
}

/** What is behind, what fired, and which jobs failed, over all workspaces and by number, never by name. */
export function standingSections(env: Env, open: () => Deps, ports: StandingPorts, mask: Mask): Section[] {
  return [
    { file: 'lag.json', collect: async (signal) => lag(open(), ports, signal) },
    { file: 'alerts.json', collect: async (signal) => firings(open(), ports, mask, signal) },
    { file: 'jobs.json', collect: () => jobs(env, mask) },
  ];
}

async function shardsOfAll(deps: Deps) {
  return (await listShards(deps)).slice(0, MOST_SHARDS);
}

async function lag(deps: Deps, ports: StandingPorts, signal: AbortSignal) {
  const readings = [];
  for (const shard of await shardsOfAll(deps)) {
    if (signal.aborted) break;
    readings.push(...(await ports.lagOf(deps, shard)));
  }
  return readings;
}

async function firings(deps: Deps, ports: StandingPorts, mask: Mask, signal: AbortSignal) {
  const span = { from: deps.now() - FIRINGS_OF_DAYS * DAY_MS, to: deps.now(), limit: MOST_FIRINGS };
  const workspaces = [...new Set((await shardsOfAll(deps)).map(({ workspaceId }) => workspaceId))];
  const told = [];
  for (const [place, workspaceId] of workspaces.entries()) {
    if (signal.aborted) break;
    for (const firing of await ports.firingsOf(deps, workspaceId, span)) {
      const { name, metric, severity, comparison, threshold, value, startedAt, endedAt } = firing;
      told.push({
        workspace: place + 1,
        name: mask.words(name),
        metric,
        severity,
        comparison,
        threshold,
        value,
        startedAt: new Date(startedAt),
        endedAt: endedAt && new Date(endedAt),
      });
    }
  }
  return told;
}

/** Failed jobs by name and reason; what they carried stays here. */
async function jobs(env: Env, mask: Mask) {
  const url = required(env, 'QUEUE_REDIS_URL');
  // Read when it is needed: the console has no other use for it.
  const { Queue } = await import('bullmq');
  const queue = new Queue(JOBS_QUEUE, {
    connection: queueConnection(url, 'support', 'produce'),
    prefix: QUEUE_PREFIX,
  });
  queue.on('error', () => undefined);
  try {
    const counts = await queue.getJobCounts();
    const failed = await queue.getFailed(0, MOST_JOBS - 1);
    return {
      counts,
      failed: failed.map(({ name, failedReason, attemptsMade, finishedOn }) => ({
        name,
        reason: mask.words(failedReason ?? ''),
        attempts: attemptsMade,
        at: finishedOn === undefined ? null : new Date(finishedOn),
      })),
    };
  } finally {
    await queue.disconnect();
  }
}
