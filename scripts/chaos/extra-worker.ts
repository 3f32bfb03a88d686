import { join } from 'node:path';
import type { OwnProduct } from '../own-product';
import { startChild } from '../start/child-process';
import type { Runs } from '../start/supervised';

const READY_LIMIT_MS = 90_000;

export interface ExtraWorkerOptions {
  name: string;
  /** without it, one that is free */
  metricsPort?: number;
  settings?: Record<string, string>;
}

/** One more worker process of the main group, as `npm run workers -- --only main` starts it beside a running product. */
export function startExtraWorker(
  product: OwnProduct,
  { name, metricsPort, settings = {} }: ExtraWorkerOptions,
  stopping: AbortSignal = new AbortController().signal,
): Promise<Runs> {
  return startChild(
    {
      name,
      entry: 'workers/stream.ts',
      args: ['--only', 'main'],
      env: {
        ...process.env,
        ...settings,
        NODE_ENV: 'production',
        MILLRACE_DATA: product.dataDir,
        ...(metricsPort === undefined ? {} : { METRICS_PORT: String(metricsPort) }),
      },
      logFile: join(product.dataDir, 'logs', `${name}.log`),
      say: () => undefined,
      readyLimitMs: READY_LIMIT_MS,
    },
    stopping,
  );
}
