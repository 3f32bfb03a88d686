import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Env, loadEnv, SettingError } from '@/server/platform/env';
import { answer, PROBLEM_TYPE, pathOf } from '@/server/platform/http';
import { createLogger, type Logger } from '@/server/platform/logger';
import { createMetrics, type MetricsRegistry } from '@/server/platform/metrics';
import { readRepliesQuickly } from '@/server/platform/quick-replies';
import { startTelemetry } from '@/server/platform/telemetry';
import type { ModuleKey } from '@/server/scaling';
import { listenForMetrics } from './metrics-port';
import { ModuleVoice } from './module-voice';

const STOP_LIMIT_MS = 12_000;
const READY_LIMIT_MS = 2_000;

/** What a process kind is given when it starts. */
export interface ProcessContext {
  readonly env: Env;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  /** For processes with an HTTP server of their own: call it first in the request listener. */
  readonly health: HealthHandler;
  /** Aborted when the process is asked to stop. */
  readonly stopping: AbortSignal;
  /** Ends the whole process with an error; the supervisor starts it again. */
  fail(error: unknown): void;
}

/** What it gives back once it works. */
export interface RunningProcess {
  /** Finishes what is begun and closes connections. Ended by force after 12 s. */
  stop(): Promise<void>;
  /** Throws, with the reason, while it cannot do its work. */
  ready?(): Promise<void>;
}

export interface ProcessOptions {
  /** Process kind: `web`, `collector`, `stream`, `archive`, `metrics`, `jobs`. */
  readonly name: string;
  /** Modules of the product that run in it; absent: none, it only sends to them. */
  readonly modules?: readonly ModuleKey[];
  /**
   * True: health and metrics get a server of their own (`METRICS_PORT`, else one that is free). False: the process has
   * an HTTP server and calls `context.health`.
   */
  readonly ownHealthServer: boolean;
  start(context: ProcessContext): Promise<RunningProcess>;
}

/** Answers `/healthz`, `/readyz` and `/metrics`; false when the request is for something else. */
export type HealthHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The one way a process kind is run: settings, logger, metrics, telemetry, health, and an orderly end on SIGTERM,
 * SIGINT, or when the supervisor that started it is gone.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  readRepliesQuickly();
  const env = settingsOrExit();
  const logger = createLogger(env, options.name);
  const metrics = createMetrics(options.name);
  const stopTelemetry = await startTelemetry(env, options.name);
  const aborter = new AbortController();
  let running: RunningProcess | undefined;
  let healthServer: Server | undefined;
  const health = createHealthHandler(metrics, () => running);
  const voice = new ModuleVoice(options.modules ?? [], logger);

  const end = async (code: number) => {
    if (aborter.signal.aborted) return;
    aborter.abort();
    const limit = setTimeout(() => process.exit(code || 1), STOP_LIMIT_MS);
    limit.unref();
    healthServer?.close();
    await voice.stop();
    await running?.stop().catch((error) => logger.error({ err: error }, 'did not stop in order'));
    await stopTelemetry();
    process.exit(code);
  };
  const fail = (error: unknown) => {
    logger.fatal({ err: error }, 'ends with an error');
    void end(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0));
  process.on('disconnect', () => void end(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  try {
    if (options.ownHealthServer) {
      healthServer = createHealthServer(health);
      const port = await listenForMetrics(healthServer, options.name, env.METRICS_PORT);
      logger.info({ port }, 'health and metrics');
    }
    running = await options.start({ env, logger, metrics, health, stopping: aborter.signal, fail });
    voice.start();
    logger.info('ready');
    process.send?.({ ready: options.name });
  } catch (error) {
    console.error(`${options.name}: ${error instanceof Error ? error.message : String(error)}`);
    fail(error);
  }
}

function createHealthHandler(
  metrics: MetricsRegistry,
  running: () => RunningProcess | undefined,
): HealthHandler {
  return (request, response) => {
    switch (pathOf(request)) {
      case '/healthz':
        answer(response, 200, 'application/json', '{"status":"alive"}');
        return true;
      case '/readyz':
        void readiness(running()).then(({ status, body }) =>
          answer(response, status, status === 200 ? 'application/json' : PROBLEM_TYPE, JSON.stringify(body)),
        );
        return true;
      case '/metrics':
        metrics.metrics().then(
          (text) => answer(response, 200, metrics.contentType, text),
          () => answer(response, 500, 'text/plain', 'metrics failed\n'),
        );
        return true;
      default:
        return false;
    }
  };
}

async function readiness(running: RunningProcess | undefined): Promise<{ status: number; body: object }> {
  const unready = (detail: string) => ({
    status: 503,
    body: { type: 'about:blank', title: 'Not ready', status: 503, detail },
  });
  if (!running) return unready('starting');
  if (!running.ready) return { status: 200, body: { status: 'ready' } };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), READY_LIMIT_MS);
  });
  try {
    await Promise.race([running.ready(), late]);
    return { status: 200, body: { status: 'ready' } };
  } catch (error) {
    return unready(error instanceof Error ? error.message : 'unknown');
  } finally {
    clearTimeout(timer);
  }
}

function createHealthServer(handler: HealthHandler): Server {
  return createServer((request, response) => {
    if (!handler(request, response)) answer(response, 404, 'text/plain', 'not found\n');
  });
}

function settingsOrExit(): Env {
  try {
    return loadEnv();
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
