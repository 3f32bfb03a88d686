/**
 * `npm run restore -- <folder>`: puts a backup back into a Millrace that runs on a new data folder with
 * MILLRACE_DEMO=off. What it holds is replaced; start it again afterwards.
 */
import { cpSync, createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import postgres from 'postgres';
import { snapshotKeeping } from '@/server/history';
import { loadEnv, required } from '@/server/platform/env';
import { createRedis } from '@/server/platform/redis';
import {
  administratorUrl,
  assertSeesAll,
  KEPT_FILES,
  manifestSchema,
  ownTables,
} from './backup/backup-format';
import { digestOf } from './backup/digest-of';

const source = process.argv[2];
if (!source || !existsSync(join(source, 'manifest.json'))) {
  console.error('Say from where: npm run restore -- <folder of a backup>');
  process.exit(2);
}
const folder = resolve(source);
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
for (const [name, digest] of Object.entries(manifest.files)) {
  if ((await digestOf(join(folder, name))) === digest) continue;
  console.error(`${name} of the backup is damaged; nothing was changed.`);
  process.exit(1);
}

const env = loadEnv();
await restoreTables();
await restoreRedis();
await dropSnapshots();
for (const name of KEPT_FILES)
  if (existsSync(join(folder, name))) cpSync(join(folder, name), join(env.MILLRACE_DATA, name));
console.log(
  `Restored ${manifest.tables.length} tables and ${manifest.keys} keys of ${manifest.madeAt}. Start Millrace again.`,
);

/** All tables in one transaction: either everything is back or nothing has changed. */
async function restoreTables(): Promise<void> {
  const sql = postgres(administratorUrl(env), { max: 1, onnotice: () => undefined });
  await assertSeesAll(sql);
  await sql.begin(async (transaction) => {
    // References between tables hold in the backup as a whole, not at every moment of putting it back.
    await transaction`SET LOCAL session_replication_role = replica`;
    const present = await ownTables(transaction);
    await transaction.unsafe(`TRUNCATE ${present.map((table) => `"${table}"`).join(', ')} CASCADE`);
    for (const table of manifest.tables) {
      const writable = await transaction.unsafe(`COPY "${table}" FROM STDIN`).writable();
      await pipeline(createReadStream(join(folder, `${table}.copy.gz`)), createGunzip(), writable);
    }
    await transaction`
      SELECT setval(pg_get_serial_sequence('shards', 'id'), greatest((SELECT max(id) FROM shards), 1)),
             setval(pg_get_serial_sequence('audit_entries', 'id'), greatest((SELECT max(id) FROM audit_entries), 1))`;
  });
  await sql.end();
}

async function restoreRedis(): Promise<void> {
  const redis = createRedis(required(env, 'REDIS_URL'), { name: 'restore' });
  await redis.flushall();
  const lines = createInterface({
    input: createReadStream(join(folder, 'redis-log.gz')).pipe(createGunzip()),
  });
  for await (const line of lines) {
    const [key, ttlMs, dump]: [string, number, string] = JSON.parse(line);
    await redis.restore(key, ttlMs, Buffer.from(dump, 'base64'), 'REPLACE');
  }
  redis.disconnect();
}

/** Snapshots may be younger than what was put back: a later recovery must not take them for its future. */
async function dropSnapshots(): Promise<void> {
  const { store } = snapshotKeeping();
  for (const name of await store.list('')) await store.remove(name);
}
