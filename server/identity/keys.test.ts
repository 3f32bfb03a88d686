import { beforeAll, describe, expect, it, vi } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { flagsOf } from '@/server/privacy/consent-flags.connector';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { createApiKey, revokeApiKey } from './api-keys.service';
import { changeSourceSchema, createSourceSchema } from './key.schema';
import { KeyCache } from './key-cache';
import { authenticateApiKey, findSourceByKey, watchKeys } from './keys.service';
import { createSource, listSources, revokeSource, rotateSourceKey } from './sources.service';
import { testDeps, testWorkspace } from './testing/test-identity';
import { addRegion, readWorkspace } from './workspace.service';

let deps: Deps & { advance(ms: number): void };
let north: Awaited<ReturnType<typeof testWorkspace>>;
const FORM = { name: 'Shop', platform: null, eventsPerSec: 100 };

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
});

describe('a write key', () => {
  it('leads to its source, shard and rate, and is kept as a hash only', async () => {
    const { sourceId, writeKey } = await createSource(deps, north.actor('admin'), FORM);
    expect(writeKey).toMatch(/^mw_[A-Za-z0-9]{32}$/);
    expect(await findSourceByKey(deps, writeKey)).toMatchObject({
      sourceId,
      workspaceId: north.workspaceId,
      partitions: 8,
      eventsPerSec: 100,
    });
    const rows = await withWorkspace(
      deps.db,
      north.workspaceId,
      (tx) => tx.$queryRaw<{ row: string }[]>`SELECT s::text AS row FROM sources s`,
    );
    expect(rows).toHaveLength(1);
    expect(rows.some(({ row }) => row.includes(writeKey))).toBe(false);
    expect(JSON.stringify(await listSources(deps, north.workspaceId))).not.toContain(writeKey.slice(8, 30));
  });

  /** Another process: it has a cache and a clock of its own. */
  function otherProcess() {
    const clock = { ms: 0 };
    return { clock, other: { ...deps, now: () => clock.ms, db: Object.create(deps.db) as Deps['db'] } };
  }

  it('is refused by every process that hears of its being revoked or replaced', async () => {
    // Its clock stands still: nothing gets old by itself.
    const { other } = otherProcess();
    const stop = await watchKeys(other);
    const { sourceId, writeKey } = await createSource(deps, north.actor('admin'), FORM);
    expect(await findSourceByKey(other, writeKey)).not.toBeNull();
    const { writeKey: next } = await rotateSourceKey(deps, north.actor('admin'), sourceId);
    expect(await findSourceByKey(deps, writeKey)).toBeNull();
    await until(async () => (await findSourceByKey(other, writeKey)) === null);
    expect(await findSourceByKey(other, next)).toMatchObject({ sourceId });
    await revokeSource(deps, north.actor('admin'), sourceId);
    await until(async () => (await findSourceByKey(other, next)) === null);
    await stop();
  });

  it('is refused after a second by a process that does not hear of it', async () => {
    const { other, clock } = otherProcess();
    const { sourceId, writeKey } = await createSource(deps, north.actor('admin'), FORM);
    expect(await findSourceByKey(other, writeKey)).not.toBeNull();
    await revokeSource(deps, north.actor('admin'), sourceId);
    clock.ms = 400;
    expect(await findSourceByKey(other, writeKey)).not.toBeNull();
    clock.ms = 1_000;
    expect(await findSourceByKey(other, writeKey)).toBeNull();
  });

  it('cannot be changed from another workspace', async () => {
    const south = await testWorkspace(deps, 'south');
    const { sourceId, writeKey } = await createSource(deps, north.actor('admin'), FORM);
    await expect(rotateSourceKey(deps, south.actor('admin'), sourceId)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(revokeSource(deps, south.actor('admin'), sourceId)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await findSourceByKey(deps, writeKey)).not.toBeNull();
  });

  it('is no API key, nor the other way round', async () => {
    const { writeKey } = await createSource(deps, north.actor('admin'), FORM);
    const form = { name: 'p', scopes: ['metrics:read' as const], expiresInDays: null };
    const { apiKey, keyId } = await createApiKey(deps, north.actor('admin'), form);
    expect(await authenticateApiKey(deps, writeKey)).toBeNull();
    expect(await findSourceByKey(deps, apiKey)).toBeNull();
    expect(await authenticateApiKey(deps, apiKey)).toMatchObject({ keyId, scopes: ['metrics:read'] });
    await revokeApiKey(deps, north.actor('admin'), keyId);
    expect(await authenticateApiKey(deps, apiKey)).toBeNull();
  });
});

describe('the region of a source', () => {
  let east: Awaited<ReturnType<typeof testWorkspace>>;
  beforeAll(async () => {
    east = await testWorkspace(deps, 'east');
    await addRegion(deps, east.actor('admin'), { region: 'eu-central' });
  });
  const sourceIn = async (region?: string) => {
    const form = createSourceSchema.parse({ ...FORM, region });
    return findSourceByKey(deps, (await createSource(deps, east.actor('admin'), form)).writeKey);
  };

  it('is the one it names, else the first of the workspace, each with as many partitions', async () => {
    const [unnamed, first, second] = [
      await sourceIn(),
      await sourceIn('local'),
      await sourceIn('eu-central'),
    ];
    expect(unnamed).toMatchObject({ region: 'local', partitions: 8 });
    expect(first).toMatchObject({ region: 'local', shardId: unnamed?.shardId });
    expect(second).toMatchObject({ region: 'eu-central', partitions: 8 });
    expect(second?.shardId).not.toBe(first?.shardId);
    const regions = (await listSources(deps, east.workspaceId)).map(({ region }) => region);
    expect(regions.sort()).toEqual(['eu-central', 'local', 'local']);
  });

  it('is one of its own workspace', async () => {
    await testWorkspace(deps, 'west');
    await expect(sourceIn('us-west')).rejects.toMatchObject({ code: 'bad_request' });
    const { regions } = await readWorkspace(deps, east.workspaceId);
    expect(regions).toEqual([
      { region: 'local', partitions: 8 },
      { region: 'eu-central', partitions: 8 },
    ]);
  });

  it('stays for good: a change cannot name another', () => {
    const form = { ...FORM, sourceId: 'source_1' };
    expect(changeSourceSchema.safeParse(form).success).toBe(true);
    expect(changeSourceSchema.safeParse({ ...form, region: 'local' }).success).toBe(false);
  });

  it('is added once, and by name', async () => {
    await expect(addRegion(deps, east.actor('admin'), { region: 'local' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('knows who opted out before it was there, when its first key is handed out', async () => {
    const customer = 'left-alone';
    const actor = { kind: 'person', id: 'user_1' } as const;
    const { workspaceId } = east;
    await changeConsent(deps, { workspaceId, customer, purpose: 'profiling', optedIn: false, actor });
    await addRegion(deps, east.actor('admin'), { region: 'ap-south' });
    const source = await sourceIn('ap-south');
    if (source === null) throw new Error('no source');
    const place = { shardId: source.shardId, partition: partitionOf(customer, 8), customer };
    const [flags] = await flagsOf(deps.logRedis, [place]);
    expect(flags?.denied).toEqual(['profiling']);
  });
});

describe('the cache of keys', () => {
  it('serves a known key while the database is away, and refuses an unknown one as unavailable', async () => {
    let now = 0;
    let away = false;
    const read = async (hash: string) => {
      if (away) throw new Error('away');
      return hash === 'known' ? 'value' : null;
    };
    const cache = new KeyCache(read, () => now);
    expect(await cache.get('known')).toBe('value');
    away = true;
    now = 60_000;
    expect(await cache.get('known')).toBe('value');
    await expect(cache.get('new')).rejects.toMatchObject({ code: 'unavailable' });
    now = 20 * 60_000;
    await expect(cache.get('known')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('makes one caller wait for a database that hangs, not every one', async () => {
    let now = 0;
    let answer: (value: string) => void = () => undefined;
    const reads: (Promise<string> | string)[] = [
      'first',
      new Promise<string>((resolve) => (answer = resolve)),
    ];
    const read = vi.fn(async () => reads.shift() ?? 'later');
    const cache = new KeyCache(read, () => now);
    await cache.get('k');
    now = 1_001;
    vi.useFakeTimers();
    const first = cache.get('k');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await first).toBe('first');
    vi.useRealTimers();
    expect(await cache.get('k')).toBe('first');
    expect(read).toHaveBeenCalledTimes(2);
    answer('second');
    await new Promise(setImmediate);
    expect(await cache.get('k')).toBe('second');
  });

  it('reads a key again after a second, and at once after it was told to forget it', async () => {
    let now = 0;
    let reads = 0;
    const cache = new KeyCache(
      async () => ++reads,
      () => now,
    );
    await cache.get('k');
    await cache.get('k');
    expect(reads).toBe(1);
    now = 1_001;
    expect(await cache.get('k')).toBe(2);
    cache.forget('k');
    expect(await cache.get('k')).toBe(3);
  });
});
