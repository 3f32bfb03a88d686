import { statfsSync } from 'node:fs';
import { type PostgresServer, postgresUrl, startPostgres } from '@/server/platform/embedded/postgres-server';
import { type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { ensureDatabase, ensureRoles, roleUrls, withClient } from '@/server/platform/embedded/roles';
import { type Env, SettingError } from '@/server/platform/env';
import { applyMigrations } from '@/server/platform/migrations';
import { asRole } from '@/server/platform/postgres';
import { assertReachable, createRedis } from '@/server/platform/redis';
import type { DataFolder, Ports, Secrets } from './data-folder';
import { ensureRedisProgram } from './redis-program';
import { Supervised, type SupervisedOptions } from './supervised';

const FULL_BYTES = 32 * 1024 * 1024;
const DATABASE = 'millrace';
const GIVE_UP_AFTER = 8;

export interface Databases {
  readonly addresses: {
    DATABASE_URL: string;
    MIGRATE_DATABASE_URL: string;
    WORKER_DATABASE_URL: string;
    BULK_DATABASE_URL: string;
    REDIS_URL: string;
    QUEUE_REDIS_URL: string;
  };
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
  const ports = await data.ports();
  const [postgres, redis] = await Promise.all([
    env.DATABASE_URL ? givenPostgres(env) : embeddedPostgres(starter, secrets, ports),
    env.REDIS_URL && env.QUEUE_REDIS_URL ? givenRedis(env) : embeddedRedis(starter, secrets, ports),
  ]);
  return { addresses: { ...postgres, ...redis } };
}

async function embeddedPostgres(starter: DatabaseStarter, secrets: Secrets, ports: Ports) {
  const { data } = starter;
  const logFile = data.at('logs', 'postgres.log');
  const server = supervise<PostgresServer>(starter, 'Postgres', (stopping) =>
    startPostgres({
      stopping,
      dataDir: data.at('postgres'),
      port: ports.postgres,
      password: secrets.postgres,
      logFile,
    }),
  );
  await server.start();
  const admin = postgresUrl(ports.postgres, 'postgres', secrets.postgres, 'postgres');
  await ensureRoles(admin, secrets);
  await ensureDatabase(admin, DATABASE);
  const urls = roleUrls(ports.postgres, secrets, DATABASE);
  await migrate(urls.owner, starter.say);
  return {
    DATABASE_URL: urls.app,
    MIGRATE_DATABASE_URL: urls.owner,
    WORKER_DATABASE_URL: urls.worker,
    BULK_DATABASE_URL: urls.bulk,
  };
}

/** A Postgres of one's own: its signed-in role is put into the roles that the migrations make. */
async function givenPostgres(env: Env) {
  const { DATABASE_URL, MIGRATE_DATABASE_URL } = env;
  if (!DATABASE_URL || !MIGRATE_DATABASE_URL) {
    throw new SettingError(
      'MIGRATE_DATABASE_URL',
      'is missing: with DATABASE_URL set, the role that owns the tables is needed too',
    );
  }
  for (const [name, url] of Object.entries({ DATABASE_URL, MIGRATE_DATABASE_URL })) {
    await withClient(url, (client) => client.query('SELECT 1')).catch((error) => {
      throw new SettingError(
        name,
        `names a database that cannot be reached (${reason(error)}); start it, or mend the address`,
      );
    });
  }
  await applyMigrations(MIGRATE_DATABASE_URL);
  const user = decodeURIComponent(new URL(DATABASE_URL).username);
  await withClient(MIGRATE_DATABASE_URL, async (client) => {
    const members = await client.query(
      "SELECT bool_and(pg_has_role($1, rolname, 'MEMBER')) AS all FROM pg_roles WHERE rolname IN ('millrace_app', 'millrace_worker', 'millrace_bulk')",
      [user],
    );
    if (members.rows[0]?.all) return;
    const role = client.escapeIdentifier(user);
    await client.query(`GRANT millrace_app, millrace_worker TO ${role}`);
    await client.query(`GRANT millrace_bulk TO ${role} WITH INHERIT FALSE, SET TRUE`);
  }).catch((error) => {
    throw new SettingError(
      'DATABASE_URL',
      `names the role ${user}, which could not be put into millrace_app, millrace_worker and millrace_bulk (${reason(error)}); grant them as the administrator of the database`,
    );
  });
  const WORKER_DATABASE_URL = env.WORKER_DATABASE_URL ?? DATABASE_URL;
  return {
    DATABASE_URL,
    MIGRATE_DATABASE_URL,
    WORKER_DATABASE_URL,
    BULK_DATABASE_URL: env.BULK_DATABASE_URL ?? asRole(WORKER_DATABASE_URL, 'millrace_bulk'),
  };
}

async function embeddedRedis(starter: DatabaseStarter, secrets: Secrets, ports: Ports) {
  const { data, env, say } = starter;
  const program = await ensureRedisProgram(process.env.PATH ?? '', say);
  const one = async (title: string, folder: string, port: number, durability: 'always' | 'everysec') => {
    const logFile = data.at('logs', `${folder}.log`);
    const server = supervise<RedisServer>(starter, title, (stopping) =>
      startRedis(program, {
        dataDir: data.at(folder),
        port,
        password: secrets.redis,
        durability,
        logFile,
        stopping,
      }),
    );
    return (await server.start()).url;
  };
  const [REDIS_URL, QUEUE_REDIS_URL] = await Promise.all([
    env.REDIS_URL ?? one('Redis (log)', 'redis-log', ports.logRedis, 'always'),
    env.QUEUE_REDIS_URL ?? one('Redis (queue)', 'redis-queue', ports.queueRedis, 'everysec'),
  ]);
  return { REDIS_URL, QUEUE_REDIS_URL };
}

async function givenRedis({ REDIS_URL, QUEUE_REDIS_URL }: Env) {
  if (!REDIS_URL || !QUEUE_REDIS_URL) throw new SettingError('QUEUE_REDIS_URL', 'is missing');
  for (const [name, url] of Object.entries({ REDIS_URL, QUEUE_REDIS_URL })) {
    let last: unknown;
    const client = createRedis(url, {
      name: 'start',
      onError: (error) => {
        last = error;
      },
    });
    try {
      await assertReachable(client);
    } catch (failure) {
      // The connection's own error says why; the command's says only that it was given up.
      const error = last ?? failure;
      throw new SettingError(
        name,
        `names a Redis that cannot be reached (${reason(error)}); start it, or mend the address`,
      );
    } finally {
      client.disconnect();
    }
  }
  return { REDIS_URL, QUEUE_REDIS_URL };
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

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
