/**
 * `npm run restore -- <folder>`: puts a backup back into a Millrace that runs on a new data folder with
 * MILLRACE_DEMO=off. What it holds is replaced; start it again afterwards. With a database of one's own,
 * MIGRATE_DATABASE_URL must then name a role with BYPASSRLS that may set session_replication_role.
 */
import { cpSync, createReadStream, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { loadEnv, required } from '@/server/platform/env';
import { createRedis } from '@/server/platform/redis';
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
