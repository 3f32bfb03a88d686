import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type PostgresServer, postgresUrl, startPostgres } from '@/server/platform/embedded/postgres-server';
import { type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { ensureDatabase, ensureRoles, roleUrls } from '@/server/platform/embedded/roles';
import type { Env } from '@/server/platform/env';
import { applyMigrations } from '@/server/platform/migrations';
import type { DataFolder, Ports, Secrets } from './data-folder';
import { assertGivenRedis, givenPostgres, hasGivenPostgres } from './given-databases';
import { onOwnPort } from './own-port';
import { ensureRedisProgram } from './redis-program';
import { Supervised, type SupervisedOptions } from './supervised';

const FULL_BYTES = 32 * 1024 * 1024;
const DATABASE = 'millrace';
const GIVE_UP_AFTER = 8;

/**
 * History grows by thousands of rows a second into an index by customer, which comes in no order: the further apart
 * checkpoints lie, the less a row costs; not so far that a restart would take long.
 */
const HISTORY_SETTINGS = ['max_wal_size=2GB'];

export interface Databases {
  readonly addresses: {
    DATABASE_URL: string;
    MIGRATE_DATABASE_URL: string;
    WORKER_DATABASE_URL: string;
    BULK_DATABASE_URL: string;
    REDIS_URL: string;
    QUEUE_REDIS_URL: string;
  };
  /** Where the product's own processes reach the same. */
  readonly near: Databases['addresses'];
}

export interface DatabaseStarter {
  readonly env: Env;
  readonly data: DataFolder;
  readonly say: (line: string) => void;
  readonly onGiveUp: (reason: string) => void;
  /** Told of every server before it starts, so that it is stopped whatever happens next. */
  readonly own: (server: { stop(): Promise<void> }) => void;
}

/** Starts what is embedded, reaches what is given by setting, migrates, and says where everything is. */
export async function startDatabases(starter: DatabaseStarter): Promise<Databases> {
  const { env, data } = starter;
  const secrets = data.secrets();
  const [postgres, redis] = await Promise.all([
    hasGivenPostgres(env) ? givenPostgres(env) : embeddedPostgres(starter, secrets),
    redisPair(starter, secrets),
  ]);
  const far = { REDIS_URL: redis.log.url, QUEUE_REDIS_URL: redis.queue.url };
  const near = { REDIS_URL: redis.log.nearUrl, QUEUE_REDIS_URL: redis.queue.nearUrl };
  return { addresses: { ...postgres, ...far }, near: { ...postgres, ...near } };
}

async function embeddedPostgres(starter: DatabaseStarter, secrets: Secrets) {
  const { data } = starter;
  const logFile = data.at('logs', 'postgres.log');
  const start = onOwnPort(data, 'postgres', (port, stopping) =>
    startPostgres({
      stopping,
      dataDir: data.at('postgres'),
      port,
      password: secrets.postgres,
      logFile,
      settings: HISTORY_SETTINGS,
    }),
  );
  const { port } = await supervise<PostgresServer>(starter, 'Postgres', start).start();
  const admin = postgresUrl(port, 'postgres', secrets.postgres, 'postgres');
  await ensureRoles(admin, secrets);
  await ensureDatabase(admin, DATABASE);
  const urls = roleUrls(port, secrets, DATABASE);
  await migrate(urls.owner, starter.say);
  return {
    DATABASE_URL: urls.app,
    MIGRATE_DATABASE_URL: urls.owner,
    WORKER_DATABASE_URL: urls.worker,
    BULK_DATABASE_URL: urls.bulk,
  };
}

/** Two Redis: each the one that is given, else an embedded one. */
async function redisPair(starter: DatabaseStarter, secrets: Secrets) {
  const { data, env, say } = starter;
  // Said before anything starts: a bad address is mended sooner than a start is undone.
  for (const name of ['REDIS_URL', 'QUEUE_REDIS_URL'] as const) {
    if (env[name]) await assertGivenRedis(name, env[name], say);
  }
  let program: Promise<string> | undefined;
  const one = async (title: string, folder: string, name: keyof Ports, durability: 'always' | 'everysec') => {
    program ??= ensureRedisProgram(process.env.PATH ?? '', say);
    const found = await program;
    const logFile = data.at('logs', `${folder}.log`);
    let ran = false;
    const start = onOwnPort(data, name, (port, stopping) =>
      startRedis(found, {
        dataDir: data.at(folder),
        port,
        password: secrets.redis,
        durability,
        logFile,
        stopping,
      }),
    );
    const server = supervise<RedisServer>(starter, title, (stopping) => {
      if (ran && durability === 'always') assertNotLost(starter, title, data.at(folder));
      ran = true;
      return start(stopping);
    });
    return server.start();
  };
  const [log, queue] = await Promise.all([
    given(env.REDIS_URL) ?? one('Redis (log)', 'redis-log', 'logRedis', 'always'),
    given(env.QUEUE_REDIS_URL) ?? one('Redis (queue)', 'redis-queue', 'queueRedis', 'everysec'),
  ]);
  return { log, queue };
}

const given = (url: string | undefined) => (url === undefined ? undefined : { url, nearUrl: url });

/** Started on an empty folder it would let the processors begin from nothing: what was lost is rebuilt at a start only. */
function assertNotLost({ onGiveUp }: DatabaseStarter, name: string, folder: string): void {
  if (existsSync(join(folder, 'appendonlydir'))) return;
  const why = `${name} has lost its files in ${folder}. Millrace stops; start it again, and the state is rebuilt from snapshots and history`;
  onGiveUp(`${why}.`);
  throw new Error(why);
}

async function migrate(ownerUrl: string, say: (line: string) => void): Promise<void> {
  const applied = await applyMigrations(ownerUrl);
  if (applied.length > 0) say(`Migrated the database: ${applied.join(', ')}`);
}

/** While the disk is full it is never given up: that ends Redis again and again, and the console should outlive it. */
function supervise<T extends PostgresServer | RedisServer>(
  { say, onGiveUp, own, data }: DatabaseStarter,
  name: string,
  start: SupervisedOptions<T>['start'],
): Supervised<T> {
  const server = new Supervised<T>({
    name,
    start,
    say,
    onStarted: ({ pid }) => data.register.add(name, pid),
    onGiveUp: (why) => onGiveUp(`${why}. Millrace stops; its logs are in ${data.at('logs')}.`),
    giveUpAfter: GIVE_UP_AFTER,
    diagnose: () => {
      const { bavail, bsize } = statfsSync(data.root);
      return bavail * bsize < FULL_BYTES ? 'the disk is full' : '';
    },
  });
  own(server);
  return server;
}
