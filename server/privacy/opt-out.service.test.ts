import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { consentsOf, optOutsOf } from './consent.repository';
import { consentKey, consentVersionKey, flagsOf } from './consent-flags.connector';
import { consentParity } from './consent-parity.service';
import { linkedKeysOf, placesOf } from './linked-keys.service';
import { carryOut, changeConsent } from './opt-out.service';
import { type PrivacyFixture, privacyFixture, WORKSPACE } from './privacy-fixture';
import type { Purpose } from './purpose.schema';

let fixture: PrivacyFixture;
beforeAll(async () => {
  fixture = await privacyFixture();
});
beforeEach(async () => {
  await fixture.deps.logRedis.flushall();
});

const change = (customer: string, optedIn = false, purpose: Purpose = 'profiling') =>
  changeConsent(fixture.deps, {
    workspaceId: WORKSPACE,
    customer,
    purpose,
    optedIn,
    actor: { kind: 'person', id: 'user_1' },
  });

const shards = () => [
  { id: fixture.shardIds[0] ?? 0, partitions: 8 },
  { id: fixture.shardIds[1] ?? 0, partitions: 4 },
];

async function deniedInStore(customer: string): Promise<(string[] | null)[]> {
  const kept = await flagsOf(fixture.deps.logRedis, placesOf(shards(), [customer]));
  return kept.map((flags) => flags?.denied ?? null);
}

describe('opt-out', () => {
  it('sets every linked key in every shard, with a record in each log, and says when', async () => {
    const { logRedis } = fixture.deps;
    const [shard] = shards();
    if (!shard) throw new Error('no shard');
    const tag = (key: string) => `{${shard.id}.${partitionOf(key, shard.partitions)}}`;
    await logRedis.hset(`${tag('anon-1')}:redirects`, 'anon-1', 'user-1');
    // Another customer was seen with the key after it had gone to the first.
    await logRedis.hset(
      `${tag('anon-1')}:state`,
      'anon-1',
      JSON.stringify({ m: 'user-1', w: 1, o: ['user-2'] }),
    );
    await logRedis.hset(
      `${tag('user-1')}:state`,
      'user-1',
      JSON.stringify({ n: 1, lk: ['anon-1', 'anon-2'] }),
    );
    await logRedis.set(`${tag('user-1')}:n`, '41');
    await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'anon-3', toKey: 'anon-2', linkedAt: new Date(0) },
      }),
    );
    expect((await linkedKeysOf(fixture.deps, WORKSPACE, 'anon-1')).keys.sort()).toEqual([
      'anon-1',
      'anon-2',
      'anon-3',
      'user-1',
      'user-2',
    ]);

    const answer = await change('anon-1');
    expect(answer.linkedKeys.sort()).toEqual(['anon-2', 'anon-3', 'user-1', 'user-2']);
    expect(answer.denied).toEqual(['profiling']);
    for (const key of ['anon-1', 'anon-2', 'anon-3', 'user-1', 'user-2']) {
      expect(await deniedInStore(key)).toEqual([['profiling'], ['profiling']]);
    }
    const entries = await logRedis.xrange(`${tag('user-1')}:log`, '-', '+');
    const records = entries.flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]'));
    expect(records).toContainEqual({ k: 'o', c: 'user-1', denied: ['profiling'], t: fixture.clock.now });
    expect(entries[0]?.[1].slice(2)).toEqual(['n', '41']);
    expect(answer.enforcement.map(({ point }) => point)).toContain(
      `partition ${shard.id}.${partitionOf('user-1', 8)}`,
    );
    const [row] = await optOutsOf(fixture.deps, WORKSPACE, 'user-1', 5);
    expect(row).toMatchObject({ customer: 'anon-1', optedIn: false, actorId: 'user_1' });
    expect(row?.acknowledgedAt).not.toBeNull();
  });

  it('covers a region that was added while it was under way', async () => {
    const [first] = shards();
    if (!first) throw new Error('no shard');
    await change('between');
    await fixture.deps.logRedis.flushall();
    const [wish] = await optOutsOf(fixture.deps, WORKSPACE, 'between', 1);
    if (!wish) throw new Error('no wish');
    const record = await consentsOf(fixture.deps, WORKSPACE, ['between']);
    const answer = await carryOut(fixture.deps, wish, { record, shards: [first] });
    expect(await deniedInStore('between')).toEqual([['profiling'], ['profiling']]);
    expect(answer.enforcement.filter(({ point }) => point.startsWith('partition'))).toHaveLength(2);
  });

  it('opts back in', async () => {
    await change('back-1');
    await change('back-1', false, 'marketing');
    await change('back-1', true);
    expect(await deniedInStore('back-1')).toEqual([['marketing'], ['marketing']]);
  });

  it('lets no commit land after the acknowledgement that was computed without it', async () => {
    const { logRedis } = fixture.deps;
    const [shard] = shards();
    if (!shard) throw new Error('no shard');
    let refused = 0;
    // Whether a commit is under way at the very moment is luck: on until one was.
    for (let round = 0; round < 20 || (refused === 0 && round < 1_000); round += 1) {
      const customer = `racer-${round}`;
      const partition = partitionOf(customer, shard.partitions);
      const keys = [
        consentVersionKey(shard.id, partition),
        consentKey(shard.id, partition),
        `{${shard.id}.${partition}}:profiles`,
      ];
      let acknowledged = false;
      const committer = (async () => {
        for (;;) {
          const [version, flags] = await Promise.all([
            logRedis.get(keys[0] ?? ''),
            logRedis.hget(keys[1] ?? '', customer),
          ]);
          if (flags !== null) return;
          const startedAfter = acknowledged;
          const landed = await logRedis.eval(FAKE_COMMIT, 3, ...keys, version ?? '0', customer);
          if (landed === 0) refused += 1;
          expect(startedAfter && landed === 1).toBe(false);
        }
      })();
      await change(customer);
      acknowledged = true;
      const profiled = await logRedis.hget(keys[2] ?? '', customer);
      await committer;
      expect(await logRedis.hget(keys[2] ?? '', customer)).toBe(profiled);
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('ends with the record and the store agreeing when wishes cross', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => change('crossed', i % 2 === 1)));
    const [row] = await consentsOf(fixture.deps, WORKSPACE, ['crossed']);
    expect(await deniedInStore('crossed')).toEqual([row?.denied, row?.denied]);
  });

  it('wins over flags the stream carried along a link at a higher version', async () => {
    const [place] = placesOf(shards(), ['carried']);
    if (!place) throw new Error('no place');
    await fixture.deps.logRedis.hset(
      consentKey(place.shardId, place.partition),
      'carried',
      '{"denied":["profiling"],"v":9}',
    );
    await change('carried', true);
    expect(await deniedInStore('carried')).toEqual([[], []]);
  });

  it('takes no more than a handful of transactions, whatever the machine is worth', async () => {
    const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const timed = async (work: () => Promise<unknown>) => {
      const started = performance.now();
      await work();
      return performance.now() - started;
    };
    const bare: number[] = [];
    const whole: number[] = [];
    // In turns, so that both meet the same load.
    for (let i = 0; i < 20; i += 1) {
      bare.push(await timed(() => consentsOf(fixture.deps, WORKSPACE, [`timed-${i}`])));
      whole.push(await timed(() => change(`timed-${i}`)));
    }
    expect(median(whole)).toBeLessThan(20 * median(bare));
  });
});

const FAKE_COMMIT = `
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
return 1`;

describe('a stored state that cannot be read', () => {
  it('keeps nobody from opting out', async () => {
    const [place] = placesOf(shards(), ['torn']);
    if (!place) throw new Error('no place');
    const key = consentKey(place.shardId, place.partition).replace(/consent$/, 'state');
    await fixture.deps.logRedis.hset(key, 'torn', '{"t":1,');
    expect(await change('torn')).toMatchObject({ denied: ['profiling'] });
    expect(await deniedInStore('torn')).toEqual([['profiling'], ['profiling']]);
  });
});

describe('parity of record and store', () => {
  it('mends lost flags, adopts carried ones and carries out what was left', async () => {
    await change('lost');
    await fixture.deps.logRedis.flushall();
    const [place] = placesOf(shards(), ['linked']);
    if (!place) throw new Error('no place');
    await fixture.deps.logRedis.hset(
      consentKey(place.shardId, place.partition),
      'linked',
      '{"denied":["profiling"],"v":1}',
    );
    const [report] = await consentParity(fixture.deps);
    expect(report?.mended).toBeGreaterThan(0);
    expect(report?.adopted).toBe(1);
    expect(await deniedInStore('lost')).toEqual([['profiling'], ['profiling']]);
    expect((await consentsOf(fixture.deps, WORKSPACE, ['linked']))[0]?.denied).toEqual(['profiling']);
    expect((await consentParity(fixture.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
  });

  it('takes denials from the store, never a permission: that only a wish gives', async () => {
    await change('planted', false, 'marketing');
    for (const [at, place] of placesOf(shards(), ['planted']).entries()) {
      const flags = JSON.stringify({ denied: at === 0 ? [] : ['profiling'], v: 90 + at });
      await fixture.deps.logRedis.hset(consentKey(place.shardId, place.partition), 'planted', flags);
    }
    const [report] = await consentParity(fixture.deps);
    expect(report?.mended).toBeGreaterThan(0);
    const [row] = await consentsOf(fixture.deps, WORKSPACE, ['planted']);
    expect(row?.denied.toSorted()).toEqual(['marketing', 'profiling']);
    for (const denied of await deniedInStore('planted')) {
      expect(denied?.toSorted()).toEqual(['marketing', 'profiling']);
    }
    expect((await consentParity(fixture.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
  });

  it('writes over flags that cannot be read', async () => {
    await change('garbled', false, 'marketing');
    for (const [at, place] of placesOf(shards(), ['garbled']).entries()) {
      const key = consentKey(place.shardId, place.partition);
      await fixture.deps.logRedis.hset(key, 'garbled', ['{"denied":', '7'][at] ?? '');
    }
    await consentParity(fixture.deps);
    expect(await deniedInStore('garbled')).toEqual([['marketing'], ['marketing']]);
  });

  it('takes a denial over to a key that was linked after it', async () => {
    await change('linked-later', false, 'marketing');
    await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'linked-later', toKey: 'user-later', linkedAt: new Date(0) },
      }),
    );
    await consentParity(fixture.deps);
    expect(await deniedInStore('user-later')).toEqual([['marketing'], ['marketing']]);
  });

  it('follows a key that customers share to each of them, and back again', async () => {
    await withWorkspace(fixture.deps.db, WORKSPACE, async (tx) => {
      await tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'shared', toKey: 'share-1', linkedAt: new Date(0) },
      });
      await tx.sharedKey.createMany({
        data: ['share-2', 'share-3'].map((customer) => ({
          workspaceId: WORKSPACE,
          key: 'shared',
          customer,
          seenAt: new Date(0),
        })),
      });
    });
    const all = ['shared', 'share-1', 'share-2', 'share-3'];
    for (const key of all)
      expect((await linkedKeysOf(fixture.deps, WORKSPACE, key)).keys.sort()).toEqual([...all].sort());

    // A flag that came along a link, of which no wish tells.
    const [place] = placesOf(shards(), ['share-3']);
    if (!place) throw new Error('no place');
    const flags = '{"denied":["profiling"],"v":1}';
    await fixture.deps.logRedis.hset(consentKey(place.shardId, place.partition), 'share-3', flags);
    await consentParity(fixture.deps);
    for (const key of all) expect(await deniedInStore(key)).toEqual([['profiling'], ['profiling']]);

    await change('share-1', true);
    await consentParity(fixture.deps);
    for (const key of all) expect(await deniedInStore(key)).toEqual([[], []]);
  });

  it('acknowledges nothing while the store is away, and carries the wish out afterwards', async () => {
    await fixture.redis.kill();
    await expect(change('waiting')).rejects.toMatchObject({
      code: 'unavailable',
      publicMessage: expect.stringContaining('on record'),
    });
    const [left] = await optOutsOf(fixture.deps, WORKSPACE, 'waiting', 1);
    expect(left?.acknowledgedAt).toBeNull();
    await fixture.redis.restart();
    await until(async () => (await fixture.deps.logRedis.ping().catch(() => '')) === 'PONG');
    fixture.clock.now += 60_000;
    const [report] = await consentParity(fixture.deps);
    const [row] = await optOutsOf(fixture.deps, WORKSPACE, 'waiting', 1);
    expect(report?.carriedOut).toBe(1);
    expect(row?.acknowledgedAt).not.toBeNull();
    expect(await deniedInStore('waiting')).toEqual([['profiling'], ['profiling']]);
  });
});
