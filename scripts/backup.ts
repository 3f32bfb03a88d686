/**
 * `npm run backup -- <folder>`: a copy of everything a Millrace cannot make again: Postgres table by table, the log
 * Redis, the keys. Works while it runs. What is appended after the copy of the log began is not in it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnv } from '@/server/platform/env';
import { storesOf } from './backup/backup-format';
import { makeBackup } from './backup/make-backup';

const target = process.argv[2];
if (!target) {
  console.error('Say where to: npm run backup -- <folder>');
  process.exit(2);
}
const folder = resolve(target);
if (existsSync(folder) && readdirSync(folder).length > 0) {
  console.error(`${folder} is not empty; name a new folder.`);
  process.exit(2);
}
try {
  const { tables, keys } = await makeBackup(storesOf(loadEnv()), folder);
  console.log(`Backed up ${tables.length} tables and ${keys} keys of Redis to ${folder}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
