import type { Env } from '@/server/platform/env';
import { metricsPortOf } from '@/workers/runtime/metrics-port';

/** A process kind as `npm start` runs it. */
export interface ChildPlan {
  readonly name: string;
  readonly entry: string;
  readonly args?: readonly string[];
  readonly settings: Record<string, string>;
  readonly readyLimitMs: number;
}

const READY_LIMIT_MS = 90_000;

/** The processes in the order they start: each wave once the one before is ready. */
export function childPlans(env: Env): ChildPlan[][] {
  const plan = (name: string, entry: string, args: readonly string[] = []): ChildPlan => ({
    name,
    entry,
    args,
    settings: metricsSetting(name, env),
    readyLimitMs: READY_LIMIT_MS,
  });
  const processes = [
    plan('stream', 'workers/stream.ts', ['--only', 'main']),
    plan('archive', 'workers/stream.ts', ['--only', 'archive']),
    plan('metrics', 'workers/stream.ts', ['--only', 'metrics']),
    plan('jobs', 'workers/jobs.ts'),
    plan('collector', 'workers/collector.ts'),
    plan('web', 'workers/web.ts'),
  ];
  return env.MILLRACE_DEMO === 'on' ? [processes, [plan('demo', 'scripts/replay/demo.ts')]] : [processes];
}

/** One setting for several processes: each has its place from there on. Without it they find free ports themselves. */
function metricsSetting(name: string, { METRICS_PORT }: Env): Record<string, string> {
  return METRICS_PORT === undefined ? {} : { METRICS_PORT: String(metricsPortOf(name, METRICS_PORT)) };
}
