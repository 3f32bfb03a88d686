import { freePort, isPortFree } from '@/server/platform/embedded/ports';
import type { Env } from '@/server/platform/env';

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
export async function childPlans(env: Env): Promise<ChildPlan[][]> {
  const metricsPorts = await metricsPortsFrom(env.METRICS_PORT, 4);
  const plan = (
    name: string,
    entry: string,
    args: readonly string[] = [],
    metricsPort?: number,
  ): ChildPlan => ({
    name,
    entry,
    args,
    settings: metricsPort ? { METRICS_PORT: String(metricsPort) } : {},
    readyLimitMs: READY_LIMIT_MS,
  });
  const processes = [
    plan('stream', 'workers/stream.ts', ['--only', 'main'], metricsPorts[0]),
    plan('archive', 'workers/stream.ts', ['--only', 'archive'], metricsPorts[1]),
    plan('jobs', 'workers/jobs.ts', [], metricsPorts[2]),
    plan('collector', 'workers/collector.ts'),
    plan('web', 'workers/web.ts'),
  ];
  const demo = plan('demo', 'scripts/replay/demo.ts', [], metricsPorts[3]);
  return env.MILLRACE_DEMO === 'on' ? [processes, [demo]] : [processes];
}

/** One port each, from `METRICS_PORT` upwards where free: nobody should fail to start for a figure's sake. */
async function metricsPortsFrom(first: number, count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = first; ports.length < count && port < first + 2 * count; port += 1) {
    if (await isPortFree(port, '0.0.0.0')) ports.push(port);
  }
  while (ports.length < count) ports.push(await freePort());
  return ports;
}
