import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import next from 'next';
import { consoleParts } from '@/server/api/context';
import { originForm } from '@/server/core/request-target';
import { closeConnections } from '@/server/platform/connections';
import type { Env } from '@/server/platform/env';
import { assertReachable } from '@/server/platform/redis';
import { type ProcessContext, type RunningProcess, runProcess } from './runtime/process';
import { startLive } from './web/live';
import { registerLiveMetrics } from './web/live-metrics';
import { secure } from './web/security-headers';
import { followStoreReads } from './web/store-reads';
import { refuseUndecodable } from './web/undecodable-path';

/** The console: pages, tRPC, REST and live push on one port. */
await runProcess({ name: 'web', modules: ['web'], ownHealthServer: false, start });

async function start(context: ProcessContext): Promise<RunningProcess> {
  const { env, logger, health, metrics } = context;
  const dev = env.NODE_ENV === 'development';
  const isTls = Boolean(env.TLS_CERT);
  let answerPage: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;

  const httpServer = createServer(env, (request, response) => {
    request.url = originForm(request.url ?? '/');
    if (health(request, response)) return;
    secure(request, response, { dev, tls: isTls });
    if (refuseUndecodable(request, response)) return;
    if (!answerPage) {
      response
        .writeHead(503, { 'retry-after': '2', 'content-type': 'text/plain' })
        .end('Millrace is starting.\n');
      return;
    }
    answerPage(request, response).catch((error: unknown) => {
      logger.error({ err: error }, 'a page failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listen(httpServer, env.PORT);

  const app = next({ dev, dir: process.cwd(), port: env.PORT, httpServer });
  const { deps, sessions, publicUrl } = consoleParts();
  const onError = (error: unknown) => logger.warn({ err: error }, 'live push');
  const live = startLive({ deps, sessions, publicUrl, httpServer, onError });
  registerLiveMetrics(metrics, live);
  const stopStoreReads = followStoreReads(metrics, deps, onError);
  await app.prepare();
  answerPage = app.getRequestHandler();

  return {
    async ready() {
      await Promise.all([
        deps.db.$queryRaw`SELECT 1`,
        assertReachable(deps.logRedis),
        assertReachable(deps.queueRedis),
      ]);
    },
    async stop() {
      const closed = new Promise((resolve) => httpServer.close(resolve));
      await live.close();
      stopStoreReads();
      httpServer.closeIdleConnections();
      setTimeout(() => httpServer.closeAllConnections(), 3_000).unref();
      await closed;
      await app.close();
      await closeConnections();
    },
  };
}

function createServer(
  env: Env,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const limits = {
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  };
  if (!env.TLS_CERT || !env.TLS_KEY) return createHttpServer(limits, listener);
  const files = { cert: readFileSync(env.TLS_CERT), key: readFileSync(env.TLS_KEY) };
  return createHttpsServer({ ...limits, ...files }, listener);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of the console is in use; set PORT to a free one.`)
          : error,
      ),
    );
    server.listen(port, resolve);
  });
}
