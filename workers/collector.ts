import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { assertLogFits, LogGuard, openLog } from '@/server/event-log';
import { findSourceByKey, watchKeys } from '@/server/identity/keys.service';
import { listShards } from '@/server/identity/workspaces.repository';
import {
  createCollector,
  createCollectorMetrics,
  createDeadLetterSeal,
  DebuggerFeed,
} from '@/server/ingestion';
import { closeConnections, database, logRedis, queueRedis, randomId } from '@/server/platform/connections';
import { loadMasterKey } from '@/server/platform/crypto';
import type { Env } from '@/server/platform/env';
import { makeFolder } from '@/server/platform/folder';
import { systemClock } from '@/server/platform/system-clock';
import { SignalCounts } from '@/server/privacy';
import { openLagGate } from '@/server/scaling';
import { type ProcessContext, type RunningProcess, runProcess } from '@/workers/runtime/process';

const MAINTAIN_EVERY_MS = 10_000;
/** A sender that takes longer for its headers or its body is cut off: slow senders must not hold connections. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
const CHECK_EVERY_MS = 1_000;
const KEEP_ALIVE_MS = 65_000;
const MAX_CONNECTIONS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

async function start({ env, logger, metrics, health }: ProcessContext): Promise<RunningProcess> {
  makeFolder(env.MILLRACE_DATA);
  const deps = { db: database(), now: systemClock, queueRedis: queueRedis() };
  await assertLogFits(
    env,
    (await listShards(deps)).map(({ shardId }) => shardId),
    true,
  );
  const guard = new LogGuard({ redis: logRedis(), folder: env.MILLRACE_DATA, maxBytes: env.LOG_MAX_BYTES });
  const log = openLog({ ...deps, logRedis: logRedis() }, guard.refusal);
  const figures = createCollectorMetrics(metrics);
  const shards = new Set<number>();
  const lag = openLagGate(
    { ...deps, logRedis: logRedis() },
    {
      behindSeconds: env.SHED_BEHIND_SECONDS,
      collector: randomId('collector'),
      onRead: figures.shedding,
    },
  );
  const signalCounts = new SignalCounts(deps.queueRedis, systemClock);
  const collector = createCollector({
    log,
    admission: lag.gate,
    findSource: async (writeKey) => {
      const source = await findSourceByKey(deps, writeKey);
      if (source) shards.add(source.shardId);
      return source;
    },
    seal: createDeadLetterSeal(loadMasterKey(env)).seal,
    debuggerFeed: new DebuggerFeed(queueRedis()),
    signalCounts,
    metrics: figures,
    now: systemClock,
    secure: env.TLS_CERT !== undefined,
    onError: (error) => logger.error({ err: error }, 'a request failed'),
  });
  await guard.start();
  lag.start();
  const stopWatching = await watchKeys(deps);
  const maintenance = setInterval(() => {
    for (const shardId of shards) {
      log.maintainDedup(shardId).then(
        ({ coveredMs, bytes }) => figures.dedup(coveredMs, bytes),
        (error) => logger.warn({ err: error }, 'message ids could not be rotated'),
      );
    }
  }, MAINTAIN_EVERY_MS);
  const server = await listen(env, (request, response) => {
    if (!health(request, response)) collector.listener(request, response);
  });
  logger.info({ port: env.COLLECTOR_PORT }, 'collector listens');
  return {
    async stop() {
      clearInterval(maintenance);
      guard.stop();
      lag.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await collector.drain();
      await signalCounts.flush();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
      await closed;
      await stopWatching();
      await closeConnections();
    },
    async ready() {
      const refusal = guard.refusal();
      if (refusal) throw new Error(refusal);
      await logRedis().ping();
    },
  };
}

function listen(env: Env, listener: RequestListener): Promise<Server> {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
  };
  const server =
    env.TLS_CERT && env.TLS_KEY
      ? createTlsServer(
          { ...limits, cert: readFileSync(env.TLS_CERT), key: readFileSync(env.TLS_KEY) },
          listener,
        )
      : createServer(limits, listener);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `The collector cannot listen on port ${env.COLLECTOR_PORT}: ${error.message}. Set COLLECTOR_PORT.`,
        ),
      ),
    );
    server.listen(env.COLLECTOR_PORT, () => resolve(server));
  });
}

await runProcess({ name: 'collector', modules: ['collector'], ownHealthServer: false, start });
