/**
 * `npm run restore -- <folder>`: puts a backup back into a Millrace that runs on a new data folder with
 * MILLRACE_DEMO=off. What it holds is replaced; start it again afterwards. With a database of one's own,
 * MIGRATE_DATABASE_URL must then name a role with BYPASSRLS that may set session_replication_role.
 */
import { cpSync, createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { snapshotKeeping } from '@/server/history';
import { loadEnv, required } from '@/server/platform/env';
import { assertReachable, createRedis, mastersOf } from '@/server/platform/redis';
import { administratorUrl, KEPT_FILES, manifestSchema } from './backup/backup-format';
import { digestOf } from './backup/digest-of';
import { restoreTables } from './backup/restore-tables';

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
try {
  await restoreTables(administratorUrl(env), folder, manifest.tables);
  await restoreRedis();
  await dropSnapshots();
  for (const name of KEPT_FILES)
    if (existsSync(join(folder, name))) cpSync(join(folder, name), join(env.MILLRACE_DATA, name));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
console.log(
  `Restored ${manifest.tables.length} tables and ${manifest.keys} keys of ${manifest.madeAt}. Start Millrace again.`,
);

async function restoreRedis(): Promise<void> {
  const redis = createRedis(required(env, 'REDIS_URL'), { name: 'restore' });
  await assertReachable(redis);
  await Promise.all(mastersOf(redis).map((server) => server.flushall()));
  const lines = createInterface({
    input: createReadStream(join(folder, 'redis-log.gz')).pipe(createGunzip()),
  });
  for await (const line of lines) {
    const [key, ttlMs, dump]: [string, number, string] = JSON.parse(line);
    // Claims of appends to Kafka are numbered anew: those made after the backup are not to be taken for these (ADR 6).
    if (key.endsWith('}:claim')) continue;
    await redis.restore(key, ttlMs, Buffer.from(dump, 'base64'), 'REPLACE');
  }
  redis.disconnect();
}

/** Snapshots may be younger than what was put back: a later recovery must not take them for its future. */
async function dropSnapshots(): Promise<void> {
  const { store } = snapshotKeeping();
  for (const name of await store.list('')) await store.remove(name);
}
