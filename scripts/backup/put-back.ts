import { cpSync, createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { snapshotKeeping } from '@/server/history';
import { withClient } from '@/server/platform/pg-client';
import { assertReachable, createRedis, mastersOf } from '@/server/platform/redis';
import { KEPT_FILES, type Manifest, manifestSchema, type Stores } from './backup-format';
import { digestOf } from './digest-of';

/** Of a product on other folders that has the same Redis. */
const PRODUCT_CLIENT = /\bname=millrace-log\b/;

type Snapshots = Pick<ReturnType<typeof snapshotKeeping>['store'], 'list' | 'remove'>;

/** Why nothing was put back; the message is one sentence or two. */
export class RestoreError extends Error {}

/**
 * What a backup holds, each file of it as it was written.
 * @throws RestoreError when the folder is none, or a file of it is damaged
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new RestoreError(`${folder} is not the folder of a backup.`);
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  for (const [name, digest] of Object.entries(manifest.files)) {
    if (existsSync(join(folder, name)) && (await digestOf(join(folder, name))) === digest) continue;
    throw new RestoreError(`${name} of the backup is damaged; nothing was changed.`);
  }
  return manifest;
}

/** @throws RestoreError while a product, here or on another machine, is connected to the Redis of the log */
export async function assertNotInUse({ redisUrl }: Pick<Stores, 'redisUrl'>): Promise<void> {
  const redis = createRedis(redisUrl, { name: 'restore' });
  try {
    await assertReachable(redis);
    const lists = await Promise.all(mastersOf(redis).map((server) => server.client('LIST')));
    if (!lists.some((list) => PRODUCT_CLIENT.test(String(list)))) return;
    throw new RestoreError(
      'A Millrace is connected to the Redis of REDIS_URL; stop it and its workers on every machine, then restore again. Nothing was changed.',
    );
  } finally {
    redis.disconnect();
  }
}

/** Whether there is anything to lose: all that is kept belongs to a workspace. */
export function holdsData({ adminUrl }: Pick<Stores, 'adminUrl'>): Promise<boolean> {
  return withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM workspaces LIMIT 1');
    return rowCount !== 0;
  });
}

/**
 * Puts back what is beside the tables: the log Redis and the kept files. Snapshots may be younger than what is put back,
 * and are dropped before: should the rest fail half-way, the next start rebuilds it from the history that is back.
 */
export async function putBackLog(
  stores: Pick<Stores, 'redisUrl' | 'dataDir'>,
  snapshots: Snapshots,
  folder: string,
): Promise<void> {
  for (const name of await snapshots.list('')) await snapshots.remove(name);
  await restoreRedis(stores.redisUrl, folder);
  for (const name of KEPT_FILES)
    if (existsSync(join(folder, name))) cpSync(join(folder, name), join(stores.dataDir, name));
}

async function restoreRedis(url: string, folder: string): Promise<void> {
  const redis = createRedis(url, { name: 'restore' });
  try {
    await assertReachable(redis);
    // What else lies in other databases of the server was not in the backup either.
    await Promise.all(mastersOf(redis).map((server) => server.flushdb()));
    const lines = createInterface({
      input: createReadStream(join(folder, 'redis-log.gz')).pipe(createGunzip()),
    });
    for await (const line of lines) {
      const [key, ttlMs, dump]: [string, number, string] = JSON.parse(line);
      // Claims of appends to Kafka are numbered anew: those made after the backup are not to be taken for these (ADR 6).
      if (key.endsWith('}:claim')) continue;
      await redis.restore(key, ttlMs, Buffer.from(dump, 'base64'), 'REPLACE');
    }
  } finally {
    redis.disconnect();
  }
}
