import type { Client } from 'pg';
import { type Env, required } from '@/server/platform/env';
import { withClient } from '@/server/platform/pg-client';
import { assertReachable, createRedis, mastersOf, type Redis } from '@/server/platform/redis';
import type { Section } from './bundle';

const MOST_KEYS = 200_000;
const SCAN_COUNT = 1_000;
const INFO_PARTS = ['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'errorstats'];

/** What Postgres and both Redis hold, in numbers. */
export function storeSections(env: Env): Section[] {
  return [
    { file: 'postgres/server.json', collect: () => onPostgres(env, serverFigures) },
    { file: 'postgres/tables.json', collect: () => onPostgres(env, tableSizes) },
    { file: 'postgres/migrations.json', collect: () => onPostgres(env, migrations, 'MIGRATE_DATABASE_URL') },
    ...(['REDIS_URL', 'QUEUE_REDIS_URL'] as const).map((name) => ({
      file: name === 'REDIS_URL' ? 'redis/log.json' : 'redis/queue.json',
      collect: (signal: AbortSignal) => redisFigures(required(env, name), signal),
    })),
  ];
}

function onPostgres(
  env: Env,
  read: (client: Client) => Promise<unknown>,
  role: 'DATABASE_URL' | 'MIGRATE_DATABASE_URL' = 'DATABASE_URL',
): Promise<unknown> {
  return withClient(required(env, role), async (client) => {
    await client.query("SET statement_timeout = '10s'");
    return read(client);
  });
}

async function serverFigures(client: Client) {
  const { rows: version } = await client.query('SELECT version()');
  const { rows: activity } = await client.query(
    `SELECT application_name AS application, state, count(*)::int AS connections,
       max(extract(epoch FROM now() - xact_start))::float AS "oldestTransactionSeconds"
     FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 200`,
  );
  const { rows: database } = await client.query(
    `SELECT pg_database_size(current_database()) AS bytes, xact_commit AS commits, xact_rollback AS rollbacks,
       deadlocks, temp_bytes AS "temporaryBytes" FROM pg_stat_database WHERE datname = current_database()`,
  );
  return { ...version[0], ...database[0], activity };
}

/** Partitions count with the table they are of. */
async function tableSizes(client: Client) {
  const { rows } = await client.query(
    `SELECT coalesce(parent.relname, own.relname) AS table, count(*)::int AS parts,
       sum(pg_total_relation_size(own.oid))::float AS bytes, sum(greatest(own.reltuples, 0))::float AS "aboutRows"
     FROM pg_class own
     LEFT JOIN pg_inherits i ON i.inhrelid = own.oid
     LEFT JOIN pg_class parent ON parent.oid = i.inhparent
     WHERE own.relnamespace = 'public'::regnamespace AND own.relkind = 'r'
     GROUP BY 1 ORDER BY bytes DESC LIMIT 500`,
  );
  return rows;
}

async function migrations(client: Client) {
  const { rows } = await client.query(
    `SELECT migration_name AS name, finished_at AS "finishedAt", rolled_back_at AS "rolledBackAt"
     FROM _prisma_migrations ORDER BY migration_name LIMIT 1000`,
  );
  return rows;
}

async function redisFigures(url: string, signal: AbortSignal) {
  const redis = createRedis(url, { name: 'support' });
  try {
    await assertReachable(redis);
    const servers = [];
    for (const server of mastersOf(redis)) servers.push(await serverOf(server, signal));
    return servers;
  } finally {
    redis.disconnect();
  }
}

async function serverOf(server: Redis, signal: AbortSignal) {
  const parts = await Promise.all(INFO_PARTS.map((part) => server.info(part)));
  return { keys: await server.dbsize(), kinds: await kindsOf(server, signal), info: parts.map(fieldsOf) };
}

interface Kind {
  keys: number;
  streams: number;
  entries: number;
}

/** Keys by kind, a bounded number of them. What tells keys of a kind apart is left out: it may be a customer. */
async function kindsOf(server: Redis, signal: AbortSignal): Promise<Record<string, Kind>> {
  const kinds: Record<string, Kind> = {};
  let cursor = '0';
  let seen = 0;
  do {
    const [next, keys] = await server.scan(cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    seen += keys.length;
    for (const key of keys) {
      kinds[kindOf(key)] ??= { keys: 0, streams: 0, entries: 0 };
      (kinds[kindOf(key)] as Kind).keys += 1;
    }
    await countEntries(server, keys, kinds);
  } while (cursor !== '0' && seen < MOST_KEYS && !signal.aborted);
  return kinds;
}

async function countEntries(server: Redis, keys: readonly string[], kinds: Record<string, Kind>) {
  const types = server.pipeline();
  for (const key of keys) types.type(key);
  const told = (await types.exec()) ?? [];
  const streams = keys.filter((_, place) => told[place]?.[1] === 'stream');
  const lengths = server.pipeline();
  for (const key of streams) lengths.xlen(key);
  const counted = (await lengths.exec()) ?? [];
  for (const [place, key] of streams.entries()) {
    const kind = kinds[kindOf(key)] as Kind;
    kind.streams += 1;
    kind.entries += Number(counted[place]?.[1] ?? 0);
  }
}

/** `{3.17}:state` is `state`; of others the first plain word. */
function kindOf(key: string): string {
  const [first = ''] = key.replace(/^\{[^}]*\}:?/, '').split(/[:.]/);
  return /^[A-Za-z-]{1,30}$/.test(first) ? first : 'other';
}

/** `name:value` lines as fields, without those that name files, hosts and runs. */
function fieldsOf(info: string): Record<string, string> {
  return Object.fromEntries(
    info
      .split('\r\n')
      .map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1)];
      })
      .filter(
        ([name]) => /^[a-z]\w*$/.test(name) && !/file|executable|run_id|host|replid|slave\d/.test(name),
      ),
  );
}
