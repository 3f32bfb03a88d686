/**
 * Makes the next migration from what changed in `prisma/schema`: `npm run db:diff -- <name>`.
 * Read the SQL before committing it, and add what the schema language cannot say (row-level security of new tables
 * by `SELECT millrace_secure_table('<table>', false)`).
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScratchPostgres } from '@/server/platform/embedded/scratch-postgres';
import { diffSchema, markSchemaMigrated, SCHEMA_FOLDERS } from '@/server/platform/migrations';

const name = process.argv[2]?.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase();
if (!name) {
  console.error('Say what changes: npm run db:diff -- <name>');
  process.exit(2);
}
const postgres = await startScratchPostgres();
const sql = await diffSchema(postgres.adminUrl).finally(postgres.stop);
if (sql === '') {
  console.log('The migrations lead to the schema already.');
} else {
  const count = readdirSync(SCHEMA_FOLDERS.migrations, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  ).length;
  const folder = join(SCHEMA_FOLDERS.migrations, `${String(count + 1).padStart(4, '0')}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  markSchemaMigrated();
  console.log(`Wrote ${folder}/migration.sql`);
}
