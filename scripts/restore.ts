/**
 * `npm run restore -- <folder>`: puts a backup back into the Millrace of MILLRACE_DATA, which must be stopped; the folder
 * may be new. What it held is kept beside it as a backup of its own. With a database of one's own, MIGRATE_DATABASE_URL
 * must then name a role with BYPASSRLS that may set session_replication_role.
 */
import { resolve } from 'node:path';
import { snapshotKeeping } from '@/server/history';
import { type Env, loadGivenEnv } from '@/server/platform/env';
import { type Manifest, type Stores, storesOf } from './backup/backup-format';
import { withIdleDatabases } from './backup/idle-databases';
import { makeBackup } from './backup/make-backup';
import { assertNotInUse, holdsData, putBackLog, readManifest } from './backup/put-back';
import { restoreTables } from './backup/restore-tables';
import { progress, say } from './start/console-output';

const source = process.argv[2];
if (!source) {
  console.error('Say from where: npm run restore -- <folder of a backup>');
  process.exit(2);
}
const folder = resolve(source);
/** What to do when it ends half-way; nothing before anything is replaced. */
let goOn = '';
try {
  const manifest = await progress('Reading the backup', () => readManifest(folder));
  await withIdleDatabases(loadGivenEnv(), (env) => restoreInto(env, manifest));
  say(
    `Restored ${manifest.tables.length} tables and ${manifest.keys} keys of ${manifest.madeAt}. Start Millrace again.`,
  );
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}${goOn}`);
  process.exit(1);
}

async function restoreInto(env: Env, manifest: Manifest): Promise<void> {
  const stores = storesOf(env);
  await assertNotInUse(stores);
  const undo = await keepPresent(stores);
  await progress('Putting the tables back', () => restoreTables(stores.adminUrl, folder, manifest.tables));
  goOn = ` What was put back is not complete: run the same command again${undo ? `, or ${undo}` : ''}.`;
  await progress('Putting the log back', () => putBackLog(stores, snapshotKeeping().store, folder));
}

/** @returns the command that brings back what is there now; undefined when nothing is */
async function keepPresent(stores: Stores): Promise<string | undefined> {
  if (!(await holdsData(stores))) return undefined;
  const kept = resolve(stores.dataDir, `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await progress('Keeping what is there', () => makeBackup(stores, kept));
  const undo = `npm run restore -- ${kept}`;
  say(`What was there is kept in ${kept}; ${undo} puts it back.`);
  return undo;
}
