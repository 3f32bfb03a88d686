import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { z } from 'zod';
import { postgresUrl } from '@/server/platform/embedded/postgres-server';
import { type Env, loadGivenEnv, required } from '@/server/platform/env';

/** Files of the data folder without which the rest cannot be read or signed in to. */
export const KEPT_FILES = ['master.key', 'demo.json', 'seeded.json'];

export const manifestSchema = z.object({
  format: z.literal(1),
  madeAt: z.string(),
  tables: z.array(z.string()),
  keys: z.number(),
  files: z.record(z.string(), z.string()),
});
export type Manifest = z.output<typeof manifestSchema>;

/** What a backup is taken of and put back into. */
export interface Stores {
  /** of an administrator, whom row-level security does not hold */
  readonly adminUrl: string;
  /** log, state, consent and epochs */
  readonly redisUrl: string;
  readonly dataDir: string;
}

/** The stores of the settings. @throws SettingError when none are set and no product runs that would have told */
export function storesOf(env: Env): Stores {
  return {
    adminUrl: administratorUrl(env),
    redisUrl: required(env, 'REDIS_URL'),
    dataDir: env.MILLRACE_DATA,
  };
}

/** Tables of our own, without the partitions of others and the table of migrations. */
export async function ownTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(`
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> '_prisma_migrations'
    ORDER BY relname`);
  return rows.map(({ relname }) => relname);
}

/**
 * A connection that row-level security does not hold: the embedded server's own administrator; with a database of one's
 * own, the role of MIGRATE_DATABASE_URL, which then must have BYPASSRLS.
 */
function administratorUrl(env: Env): string {
  const given = loadGivenEnv().MIGRATE_DATABASE_URL;
  return given ?? embeddedAdministratorUrl(env.MILLRACE_DATA) ?? required(env, 'MIGRATE_DATABASE_URL');
}

/** The administrator of the Postgres that a data folder embeds; null when it embeds none. */
export function embeddedAdministratorUrl(dataDir: string): string | null {
  const [secrets, ports] = ['secrets.json', 'run/ports.json'].map((name) => join(dataDir, name));
  const embedded =
    existsSync(join(dataDir, 'postgres')) && existsSync(secrets ?? '') && existsSync(ports ?? '');
  if (!embedded || !secrets || !ports) return null;
  const { postgres: password } = z
    .object({ postgres: z.string() })
    .parse(JSON.parse(readFileSync(secrets, 'utf8')));
  const { postgres: port } = z
    .object({ postgres: z.number() })
    .parse(JSON.parse(readFileSync(ports, 'utf8')));
  return postgresUrl(port, 'postgres', password, 'millrace');
}

/** @throws Error with a sentence when the role would see only a part of the rows */
export async function assertSeesAll(client: Client): Promise<void> {
  const { rows } = await client.query<{ all: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS all FROM pg_roles WHERE rolname = current_user',
  );
  if (!rows[0]?.all)
    throw new Error(
      'The role of MIGRATE_DATABASE_URL is held by row-level security; name one with BYPASSRLS.',
    );
}

/** @throws Error with a sentence when the role may not put tables back in an order of its own */
export async function assertMayReplace(client: Client): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    "SELECT has_parameter_privilege('session_replication_role', 'SET') AS may",
  );
  if (!rows[0]?.may)
    throw new Error(
      'The role of MIGRATE_DATABASE_URL may not leave references unchecked while tables are put back; GRANT SET ON PARAMETER session_replication_role to it, or name a superuser.',
    );
}
