import type { Server } from 'node:http';
import { consoleParts } from '@/server/api/context';
import { noteCardRead, revealedUntil } from '@/server/features';
import { shardsOf } from '@/server/identity';
import { ChannelFeed, LiveServer, WorkspaceLive } from '@/server/live';
import { readClaims } from '@/server/use-cases/queue-claim.service';
import type { ProcessContext } from '../runtime/process';
import { readCardFor } from './cards';
import { registerLiveMetrics } from './live-metrics';
import { liveProblem } from './live-problem';
import { openOperations } from './operations';

/** Puts live push together: who may listen, where the data comes from, and what is on record. */
export function startLive({ logger, metrics }: ProcessContext, httpServer: Server): LiveServer {
  const { deps, sessions } = consoleParts();
  const onError = (error: unknown) => logger.warn({ err: error }, 'live push');
  const feed = new ChannelFeed(deps.queueRedis, onError);
  const live = new LiveServer({
    httpServer,
    sessions,
    feed,
    openWorkspace: (workspaceId) =>
      new WorkspaceLive(workspaceId, {
        deps,
        feed,
        shards: () => shardsOf(deps, workspaceId),
        readCard: (key) => readCardFor(deps, workspaceId, key),
        readClaims: () => readClaims(deps, workspaceId),
        openOperations: () => openOperations(deps, workspaceId, onError),
        onError,
      }),
    noteCardRead: (actor, customer) => noteCardRead(deps, actor, customer),
    revealedUntil: (actor, customer) => revealedUntil(deps, actor, customer),
    problem: () => liveProblem(deps, feed),
    newBootId: () => deps.newId('boot'),
    now: deps.now,
    onError,
  });
  registerLiveMetrics(metrics, live);
  return live;
}
