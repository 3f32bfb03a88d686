import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { withClient } from '@/server/platform/pg-client';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import type { Stores } from './backup-format';
import { makeBackup } from './make-backup';
import { assertNotInUse, holdsData, putBackLog, readManifest } from './put-back';
import { restoreTables } from './restore-tables';

const root = mkdtempSync(join(tmpdir(), 'millrace-put-back-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let stores: Stores;
let redis: Redis;
let queue: Redis;
beforeAll(async () => {
  const [{ urls }, servers] = await Promise.all([testDatabase(), testRedis()]);
  const admin = new URL(inject('servers').adminUrl);
  admin.pathname = new URL(urls.owner).pathname;
  stores = { adminUrl: admin.href, redisUrl: servers.url, dataDir: mkdtempSync(join(root, 'data-')) };
  redis = createRedis(servers.url, { name: 'test' });
  queue = createRedis(servers.queueUrl, { name: 'test' });
});
afterAll(() => {
  redis.disconnect();
  queue.disconnect();
});

const masterKey = () => join(stores.dataDir, 'master.key');
const sql = (text: string) => withClient(stores.adminUrl, async (client) => (await client.query(text)).rows);
const snapshots = { list: async () => [], remove: async () => undefined };

async function restore(folder: string): Promise<void> {
  const { tables } = await readManifest(folder);
  await restoreTables(stores.adminUrl, folder, tables);
  await putBackLog(stores, snapshots, folder);
}

/** A workspace, a key of the log and a master key that are told by their name. */
async function makeData(name: string): Promise<void> {
  await sql(
    `DELETE FROM workspaces; INSERT INTO workspaces (id, name, slug) VALUES ('${name}', '${name}', '${name}')`,
  );
  await redis.flushdb();
  await redis.set(name, name);
  writeFileSync(masterKey(), name);
}

async function seen() {
  const rows = await sql('SELECT id FROM workspaces');
  return {
    workspaces: rows.map(({ id }) => id),
    keys: await redis.keys('*'),
    key: readFileSync(masterKey(), 'utf8'),
  };
}

it('puts a backup in the place of other data, which the backup made before brings back', async () => {
  expect(await holdsData(stores)).toBe(false);
  const [old, kept] = [join(root, 'old'), join(root, 'kept')];
  await makeData('old');
  await makeBackup(stores, old);
  await makeData('new');
  expect(await holdsData(stores)).toBe(true);
  await makeBackup(stores, kept);
  await queue.set('of another program', '1');
  await restore(old);
  expect(await seen()).toEqual({ workspaces: ['old'], keys: ['old'], key: 'old' });
  expect(await queue.exists('of another program'), 'in another database of the same Redis').toBe(1);
  await restore(kept);
  expect(await seen()).toEqual({ workspaces: ['new'], keys: ['new'], key: 'new' });
}, 60_000);

it('takes no folder that is none, and no file that is not as it was written', async () => {
  await expect(readManifest(root)).rejects.toThrow(`${root} is not the folder of a backup.`);
  const folder = join(root, 'damaged');
  await makeBackup(stores, folder);
  writeFileSync(join(folder, 'workspaces.copy.gz'), 'cut');
  await expect(readManifest(folder)).rejects.toThrow('workspaces.copy.gz of the backup is damaged');
  rmSync(join(folder, 'workspaces.copy.gz'));
  await expect(readManifest(folder)).rejects.toThrow('workspaces.copy.gz of the backup is damaged');
});

it('is refused while a process of a product is connected to the same Redis', async () => {
  await expect(assertNotInUse(stores)).resolves.toBeUndefined();
  const product = createRedis(stores.redisUrl, { name: 'millrace-log' });
  await product.ping();
  await expect(assertNotInUse(stores)).rejects.toThrow(
    /^A Millrace is connected to the Redis of REDIS_URL; stop it/,
  );
  product.disconnect();
});
