import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports';
import { postgresUrl, startPostgres } from './postgres-server';
import { DATABASE_ROLES, type DatabaseRole, ensureRoles } from './roles';

/** A Postgres for a test run or a tool: empty, in a folder of its own, gone with `stop`. */
export interface ScratchPostgres {
  readonly port: number;
  readonly adminUrl: string;
  readonly passwords: Record<DatabaseRole, string>;
  stop(): Promise<void>;
}

export async function startScratchPostgres(): Promise<ScratchPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  chmodSync(folder, 0o711);
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    port,
    password,
    logFile: join(folder, 'postgres.log'),
    // Nothing in it outlives the run, so nothing need reach the disk.
    settings: ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'],
  });
  const adminUrl = postgresUrl(port, 'postgres', password, 'postgres');
  const passwords = Object.fromEntries(DATABASE_ROLES.map((role) => [role, password])) as Record<
    DatabaseRole,
    string
  >;
  await ensureRoles(adminUrl, passwords);
  return {
    port,
    adminUrl,
    passwords,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
