/**
 * `npm run backup -- <folder>`: a copy of everything a Millrace cannot make again: Postgres table by table, the log
 * Redis, the keys. Works while it runs. What is appended after the copy of the log began is not in it.
 */
import { cpSync, createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { loadEnv, required } from '@/server/platform/env';
import { withClient } from '@/server/platform/pg-client';
import { assertReachable, createRedis, mastersOf } from '@/server/platform/redis';
import {
  administratorUrl,
  assertSeesAll,
  KEPT_FILES,
  type Manifest,
  ownTables,
} from './backup/backup-format';
import { CopyOut } from './backup/copy-out';
import { digestOf } from './backup/digest-of';

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
mkdirSync(folder, { recursive: true, mode: 0o700 });

const env = loadEnv();
const manifest: Manifest = { format: 1, madeAt: new Date().toISOString(), tables: [], keys: 0, files: {} };
try {
  await copyRedis();
  await copyTables();
  for (const name of KEPT_FILES) {
    const from = join(env.MILLRACE_DATA, name);
    if (existsSync(from)) cpSync(from, join(folder, name));
  }
  for (const name of readdirSync(folder)) manifest.files[name] = await digestOf(join(folder, name));
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
console.log(`Backed up ${manifest.tables.length} tables and ${manifest.keys} keys of Redis to ${folder}.`);

/** The log first: Postgres, copied after, then knows at least what the copied offsets say it has. */
async function copyRedis(): Promise<void> {
  const redis = createRedis(required(env, 'REDIS_URL'), { name: 'backup' });
  await assertReachable(redis);
  const out = createGzip();
  const written = pipeline(out, createWriteStream(join(folder, 'redis-log.gz'), { mode: 0o600 }));
  for (const server of mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await server.scan(cursor, 'COUNT', 500);
      cursor = next;
      for (const key of keys) {
        const [dump, ttlMs] = await Promise.all([server.dumpBuffer(key), server.pttl(key)]);
        if (!dump) continue;
        manifest.keys += 1;
        const line = `${JSON.stringify([key, Math.max(0, ttlMs), dump.toString('base64')])}\n`;
        if (!out.write(line)) await new Promise((drained) => out.once('drain', drained));
      }
    } while (cursor !== '0');
  }
  out.end();
  await written;
  redis.disconnect();
}

/** One snapshot for all tables. The bulk of it is read by the superuser or owner, row-level security off for it. */
async function copyTables(): Promise<void> {
  await withClient(administratorUrl(env), async (client) => {
    await assertSeesAll(client);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const table of await ownTables(client)) {
      const file = createWriteStream(join(folder, `${table}.copy.gz`), { mode: 0o600 });
      const rows = client.query(new CopyOut(`COPY (SELECT * FROM "${table}") TO STDOUT`));
      await pipeline(rows, createGzip(), file);
      manifest.tables.push(table);
    }
    await client.query('COMMIT');
  });
}
