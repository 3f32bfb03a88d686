import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Client } from 'pg';
import { withClient } from '@/server/platform/pg-client';
import { assertMayReplace, assertSeesAll, ownTables } from './backup-format';
import { CopyInto } from './copy-into';

/**
 * Puts tables back in one transaction: either everything is back or nothing has changed.
 * @param url of an administrator, whom row-level security does not hold
 * @throws Error naming the table and the server's reason when a row is refused
 */
export async function restoreTables(url: string, folder: string, tables: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    await assertSeesAll(client);
    await assertMayReplace(client);
    await client.query('BEGIN');
    // References between tables hold in the backup as a whole, not at every moment of putting it back.
    await client.query('SET LOCAL session_replication_role = replica');
    const present = await ownTables(client);
    await client.query(`TRUNCATE ${present.map((table) => `"${table}"`).join(', ')} CASCADE`);
    for (const table of tables) await restoreTable(client, folder, table);
    await client.query(`
      SELECT setval(pg_get_serial_sequence('shards', 'id'), greatest((SELECT max(id) FROM shards), 1)),
             setval(pg_get_serial_sequence('audit_entries', 'id'), greatest((SELECT max(id) FROM audit_entries), 1))`);
    await client.query('COMMIT');
  });
}

async function restoreTable(client: Client, folder: string, table: string): Promise<void> {
  const rows = createReadStream(join(folder, `${table}.copy.gz`));
  try {
    await pipeline(rows, createGunzip(), client.query(new CopyInto(`COPY "${table}" FROM STDIN`)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The table ${table} could not be put back (${reason}); the database is as it was.`, {
      cause,
    });
  }
}
