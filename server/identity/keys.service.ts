import type { Deps } from '@/server/platform/deps';
import { createListener } from '@/server/platform/redis';
import type { KeyActor } from './actor';
import { KeyCache } from './key-cache';
import { apiKeyByHash, sourceByKeyHash, touchApiKey } from './keys.repository';
import { API_SCOPES, type ApiScope } from './policy';
import { hashToken } from './secret-token';

/** Queue Redis channel that tells every process which key (by hash) is no longer what it was. */
const KEYS_CHANNEL = 'keys';
const TOUCH_EVERY_MS = 60_000;

/** Where the events of a write key go, and how many a second it may send. */
export interface SourceIdentity {
  sourceId: string;
  name: string;
  workspaceId: string;
  shardId: number;
  region: string;
  partitions: number;
  /** Null when told by the events themselves. */
  platform: string | null;
  eventsPerSec: number;
}

type KeyDeps = Pick<Deps, 'db' | 'now'>;
interface ApiKeyIdentity {
  actor: KeyActor;
  expiresAt: number;
}
interface Caches {
  sources: KeyCache<SourceIdentity>;
  apiKeys: KeyCache<ApiKeyIdentity>;
  touched: Map<string, number>;
}
const cachesOfDatabase = new WeakMap<object, Caches>();

function cachesOf(deps: KeyDeps): Caches {
  const known = cachesOfDatabase.get(deps.db);
  if (known !== undefined) return known;
  const made: Caches = {
    sources: new KeyCache((hash) => readSource(deps, hash), deps.now),
    apiKeys: new KeyCache((hash) => readApiKey(deps, hash), deps.now),
    touched: new Map(),
  };
  cachesOfDatabase.set(deps.db, made);
  return made;
}

/**
 * The source a write key belongs to, null when the key is unknown or revoked. Cached for at most a second.
 * @throws Fault `unavailable` when the database is away and the key was not seen before
 */
export async function findSourceByKey(deps: KeyDeps, key: string): Promise<SourceIdentity | null> {
  if (!key.startsWith('mw_') || key.length > 64) return null;
  return cachesOf(deps).sources.get(hashToken(key));
}

/**
 * The program an API key belongs to, null when the key is unknown, revoked or expired.
 * @throws Fault `unavailable` when the database is away and the key was not seen before
 */
export async function authenticateApiKey(deps: KeyDeps, key: string): Promise<KeyActor | null> {
  if (!key.startsWith('mk_') || key.length > 64) return null;
  const caches = cachesOf(deps);
  const found = await caches.apiKeys.get(hashToken(key));
  if (found === null || found.expiresAt <= deps.now()) return null;
  noteUse(deps, caches, found.actor);
  return found.actor;
}

/** Listens for keys that changed; the process then reads them again at their next use. Returns how to stop. */
export async function watchKeys(deps: Pick<Deps, 'db' | 'now' | 'queueRedis'>): Promise<() => Promise<void>> {
  const subscriber = createListener(deps.queueRedis);
  const caches = cachesOf(deps);
  subscriber.on('message', (_channel: string, hash: string) => {
    caches.sources.forget(hash);
    caches.apiKeys.forget(hash);
  });
  await subscriber.subscribe(KEYS_CHANNEL);
  return async () => {
    await subscriber.quit().catch(() => undefined);
  };
}

/** Tells every process that this key is no longer what it was. */
export async function publishKeyChange(
  deps: Pick<Deps, 'db' | 'now' | 'queueRedis'>,
  keyHash: string,
): Promise<void> {
  const caches = cachesOf(deps);
  caches.sources.forget(keyHash);
  caches.apiKeys.forget(keyHash);
  await deps.queueRedis.publish(KEYS_CHANNEL, keyHash);
}

async function readSource(deps: KeyDeps, keyHash: string): Promise<SourceIdentity | null> {
  const found = await sourceByKeyHash(deps, keyHash);
  if (found === null) return null;
  return {
    sourceId: found.id,
    name: found.name,
    workspaceId: found.workspaceId,
    shardId: found.shardId,
    region: found.region,
    partitions: found.partitions,
    platform: found.platform,
    eventsPerSec: found.eventsPerSec,
  };
}

async function readApiKey(deps: KeyDeps, keyHash: string): Promise<ApiKeyIdentity | null> {
  const found = await apiKeyByHash(deps, keyHash);
  if (found === null) return null;
  const scopes = found.scopes.filter((scope): scope is ApiScope =>
    API_SCOPES.some((known) => known === scope),
  );
  return {
    actor: { kind: 'key', keyId: found.id, workspaceId: found.workspaceId, scopes },
    expiresAt: found.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

/** Once a minute is exact enough for "last used", and keeps writes off the path of every request. */
function noteUse(deps: KeyDeps, caches: Caches, { keyId, workspaceId }: KeyActor): void {
  const now = deps.now();
  if (now - (caches.touched.get(keyId) ?? Number.NEGATIVE_INFINITY) < TOUCH_EVERY_MS) return;
  caches.touched.set(keyId, now);
  // Not knowing when a key was used last must never fail the request that used it.
  touchApiKey(deps, workspaceId, keyId, new Date(now)).catch(() => undefined);
}
