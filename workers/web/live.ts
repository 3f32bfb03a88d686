import type { Server } from 'node:http';
import { knownShards, noteCardRead, revealedUntil } from '@/server/features';
import { type SessionReader, shardsOf } from '@/server/identity';
import { ChannelFeed, LiveServer, WorkspaceLive } from '@/server/live';
import type { Deps } from '@/server/platform/deps';
import { openLagBoard } from '@/server/scaling';
import { readClaims } from '@/server/use-cases/queue-claim.service';
import { readCardFor } from './cards';
import { lagLimit } from './lag-limit';
import { LagWatch } from './lag-watch';
import { liveProblem } from './live-problem';
import { openOperations } from './operations';
import { openStreams } from './streams';

export interface LiveParts {
  deps: Deps;
  sessions: SessionReader;
  publicUrl?: string | undefined;
  httpServer: Server;
  onError(error: unknown): void;
}

/** Puts live push together: who may listen, where the data comes from, and what is on record. */
export function startLive({ deps, sessions, publicUrl, httpServer, onError }: LiveParts): LiveServer {
  const feed = new ChannelFeed(deps.queueRedis, onError);
  const lag = new LagWatch(deps);
  return new LiveServer({
    httpServer,
    sessions,
    publicUrl,
    feed,
    openWorkspace: (workspaceId) =>
      new WorkspaceLive(workspaceId, {
        deps,
        feed,
        shards: (anew) => (anew ? shardsOf(deps, workspaceId) : knownShards(deps, workspaceId)),
        readCard: (key) => readCardFor(deps, workspaceId, key),
        readClaims: () => readClaims(deps, workspaceId),
        openOperations: () =>
          openOperations(deps, workspaceId, { readLag: () => lag.readAt(workspaceId), onError }),
        openStreams: () => openStreams(deps, workspaceId, { readLag: () => lag.read(workspaceId), onError }),
        openLag: async () =>
          openLagBoard(deps, {
            readLag: () => lag.readAt(workspaceId),
            limitSeconds: lagLimit(deps, workspaceId),
          }),
        onError,
      }),
    noteCardRead: (actor, customer) => noteCardRead(deps, actor, customer),
    revealedUntil: (actor, customer) => revealedUntil(deps, actor, customer),
    problem: (workspaceId) => liveProblem(deps, feed, () => lag.read(workspaceId)),
    newBootId: () => deps.newId('boot'),
    now: deps.now,
    onError,
  });
}
