import { type Env, SettingError } from '@/server/platform/env';
import { applyMigrations } from '@/server/platform/migrations';
import { withClient } from '@/server/platform/pg-client';
import { asRole } from '@/server/platform/postgres';
import { assertReachable, createRedis, type Redis } from '@/server/platform/redis';
import { redisVersionProblem } from './redis-program';

/**
 * Whether a Postgres of one's own is to be used instead of an embedded one.
 * @throws SettingError when only some of its addresses are given: none would be used without being told
 */
export function hasGivenPostgres(env: Env): boolean {
  const others = ['MIGRATE_DATABASE_URL', 'WORKER_DATABASE_URL', 'BULK_DATABASE_URL'] as const;
  const other = others.find((name) => env[name] !== undefined);
  if (env.DATABASE_URL === undefined && other !== undefined) {
    throw new SettingError('DATABASE_URL', `is missing: ${other} is set, and is of no use without it`);
  }
  return env.DATABASE_URL !== undefined;
}

/** A Postgres of one's own: its signed-in role is put into the roles that the migrations make. */
export async function givenPostgres(env: Env) {
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

/**
 * A Redis of one's own must be reachable, new enough and forget nothing; what it may lose is told.
 * @throws SettingError when it cannot serve
 */
export async function assertGivenRedis(
  name: 'REDIS_URL' | 'QUEUE_REDIS_URL',
  url: string,
  say: (line: string) => void,
): Promise<void> {
  let last: unknown;
  const client = createRedis(url, {
    name: 'start',
    onError: (error) => {
      last = error;
    },
  });
  try {
    await assertReachable(client).catch((failure) => {
      // The connection's own error says why; the command's says only that it was given up.
      throw new SettingError(
        name,
        `names a Redis that cannot be reached (${reason(last ?? failure)}); start it, or mend the address`,
      );
    });
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '';
    const problem = redisVersionProblem(version);
    if (problem) throw new SettingError(name, `names a Redis that is too old: ${problem}`);
    await assertForgetsNothing(name, client, say);
  } finally {
    client.disconnect();
  }
}

async function assertForgetsNothing(
  name: 'REDIS_URL' | 'QUEUE_REDIS_URL',
  client: Redis,
  say: (line: string) => void,
): Promise<void> {
  const asks = async (key: string) => (await client.config('GET', key).catch(() => null)) as string[] | null;
  const [policy, append, fsync] = await Promise.all(
    ['maxmemory-policy', 'appendonly', 'appendfsync'].map(async (key) => (await asks(key))?.[1]),
  );
  if (policy !== undefined && policy !== 'noeviction')
    throw new SettingError(
      name,
      `names a Redis that drops data when its memory is full (maxmemory-policy ${policy}); set its maxmemory-policy to noeviction`,
    );
  if (name === 'REDIS_URL' && append !== undefined && !(append === 'yes' && fsync === 'always'))
    say(
      `Careful: the Redis of REDIS_URL does not write through to disk (appendonly ${append}, appendfsync ${fsync}); a power cut can lose acknowledged events. Set appendonly yes and appendfsync always.`,
    );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
