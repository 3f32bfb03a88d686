import type { Redis } from 'ioredis';
import type { PrismaClient } from '@/prisma/client/client';
import type { Clock } from '@/server/core/clock';
import type { NewId } from '@/server/core/ids';

/** What a service may reach. Made once in a composition root, handed down; tests make their own. */
export interface Deps {
  /** Postgres in the application's role: tables of a workspace show nothing outside `withWorkspace`. */
  db: PrismaClient;
  /** Log, state, consent and epochs: every write is on disk before it is answered. */
  logRedis: Redis;
  /** Jobs, pub/sub, heartbeats and what may be lost for a second. */
  queueRedis: Redis;
  now: Clock;
  newId: NewId;
}
