import { cpSync, createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { withClient } from '@/server/platform/pg-client';
import { assertReachable, createRedis, mastersOf } from '@/server/platform/redis';
import { assertSeesAll, KEPT_FILES, type Manifest, ownTables, type Stores } from './backup-format';
import { CopyOut } from './copy-out';
import { digestOf } from './digest-of';

/**
 * Copies everything a Millrace cannot make again into a folder, which is made. Its processes may run meanwhile.
 * @throws Error when a store cannot be read whole, or the folder not be written
 */
export async function makeBackup(stores: Stores, folder: string): Promise<Manifest> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const madeAt = new Date().toISOString();
  // The log first: Postgres, copied after, then knows at least what the copied offsets say it has.
  const keys = await copyRedis(stores.redisUrl, folder);
  const tables = await copyTables(stores.adminUrl, folder);
  for (const name of KEPT_FILES) {
    const from = join(stores.dataDir, name);
    if (existsSync(from)) cpSync(from, join(folder, name));
  }
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder)) files[name] = await digestOf(join(folder, name));
  const manifest: Manifest = { format: 1, madeAt, tables, keys, files };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/** @returns how many keys were copied */
async function copyRedis(url: string, folder: string): Promise<number> {
  const redis = createRedis(url, { name: 'backup' });
  try {
    await assertReachable(redis);
    const out = createGzip();
    const written = pipeline(out, createWriteStream(join(folder, 'redis-log.gz'), { mode: 0o600 }));
    let copied = 0;
    for (const server of mastersOf(redis)) {
      let cursor = '0';
      do {
        const [next, keys] = await server.scan(cursor, 'COUNT', 500);
        cursor = next;
        for (const key of keys) {
          const [dump, ttlMs] = await Promise.all([server.dumpBuffer(key), server.pttl(key)]);
          if (!dump) continue;
          copied += 1;
          const line = `${JSON.stringify([key, Math.max(0, ttlMs), dump.toString('base64')])}\n`;
          if (!out.write(line)) await new Promise((drained) => out.once('drain', drained));
        }
      } while (cursor !== '0');
    }
    out.end();
    await written;
    return copied;
  } finally {
    redis.disconnect();
  }
}

/**
 * One snapshot for all tables. The bulk of it is read by the superuser or owner, row-level security off for it.
 * @returns the tables that were copied
 */
function copyTables(adminUrl: string, folder: string): Promise<string[]> {
  return withClient(adminUrl, async (client) => {
    await assertSeesAll(client);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = await ownTables(client);
    for (const table of tables) {
      const file = createWriteStream(join(folder, `${table}.copy.gz`), { mode: 0o600 });
      const rows = client.query(new CopyOut(`COPY (SELECT * FROM "${table}") TO STDOUT`));
      await pipeline(rows, createGzip(), file);
    }
    await client.query('COMMIT');
    return tables;
  });
}
