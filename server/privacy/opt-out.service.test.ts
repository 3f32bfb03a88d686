import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { withWorkspace } from '@/server/platform/postgres';
import { countedCalls } from '@/server/platform/testing/counted-calls';
import { consentsOf, optOutsOf } from './consent.repository';
import { consentCard } from './consent.service';
import { consentKey, consentVersionKey } from './consent-flags.connector';
import { linkedKeysOf, placesOf } from './linked-keys.service';
import { carryOut } from './opt-out.service';
import { consentActs, type PrivacyFixture, privacyFixture, WORKSPACE } from './privacy-fixture';

/** To look for linked keys, to write the wish down, to look once more, to say that it is in force. */
const MOST_TRANSACTIONS = 4;

let fixture: PrivacyFixture;
let consent: ReturnType<typeof consentActs>;
beforeAll(async () => {
  fixture = await privacyFixture();
  consent = consentActs(fixture);
});
beforeEach(async () => {
  await fixture.deps.logRedis.flushall();
});

describe('opt-out', () => {
  it('sets every linked key in every shard, with a record in each log, and says when', async () => {
    const { logRedis } = fixture.deps;
    const [shard] = consent.shards;
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

    const answer = await consent.change('anon-1');
    expect(answer.linkedKeys.sort()).toEqual(['anon-2', 'anon-3', 'user-1', 'user-2']);
    expect(answer.denied).toEqual(['profiling']);
    for (const key of ['anon-1', 'anon-2', 'anon-3', 'user-1', 'user-2']) {
      expect(await consent.deniedInStore(key)).toEqual([['profiling'], ['profiling']]);
    }
    const entries = await logRedis.xrange(`${tag('user-1')}:log`, '-', '+');
    const records = entries.flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]'));
    expect(records).toContainEqual({ k: 'o', c: 'user-1', denied: ['profiling'], t: fixture.clock.now });
    expect(entries[0]?.[1].slice(2)).toEqual(['n', '41']);
    expect(answer.enforcement.map(({ point }) => point)).toContain(
      `partition ${shard.id}.${partitionOf('user-1', 8)}`,
    );
    const [row] = await optOutsOf(fixture.deps, WORKSPACE, ['user-1'], 5);
    expect(row).toMatchObject({ customer: 'anon-1', optedIn: false, actorId: 'user_1' });
    expect(row?.acknowledgedAt).not.toBeNull();
  });

  it('covers a region that was added while it was under way', async () => {
    const [first] = consent.shards;
    if (!first) throw new Error('no shard');
    await consent.change('between');
    await fixture.deps.logRedis.flushall();
    const [wish] = await optOutsOf(fixture.deps, WORKSPACE, ['between'], 1);
    if (!wish) throw new Error('no wish');
    const record = await consentsOf(fixture.deps, WORKSPACE, ['between']);
    const answer = await carryOut(fixture.deps, wish, { record, shards: [first] });
    expect(await consent.deniedInStore('between')).toEqual([['profiling'], ['profiling']]);
    expect(answer.enforcement.filter(({ point }) => point.startsWith('partition'))).toHaveLength(2);
  });

  it('is acknowledged for a key that is linked after it, too', async () => {
    const { acknowledgedAt } = await consent.change('earlier');
    await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'afterwards', toKey: 'earlier', linkedAt: new Date(0) },
      }),
    );
    const { optedOut, requests } = await consentCard(fixture.deps, WORKSPACE, 'afterwards');
    expect(optedOut).toBe(true);
    expect(requests.map((request) => request.acknowledgedAt?.toISOString())).toEqual([acknowledgedAt]);
  });

  it('opts back in', async () => {
    await consent.change('back-1');
    await consent.change('back-1', false, 'marketing');
    await consent.change('back-1', true);
    expect(await consent.deniedInStore('back-1')).toEqual([['marketing'], ['marketing']]);
  });

  it('lets no commit land after the acknowledgement that was computed without it', async () => {
    const { logRedis } = fixture.deps;
    const [shard] = consent.shards;
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
      await consent.change(customer);
      acknowledged = true;
      const profiled = await logRedis.hget(keys[2] ?? '', customer);
      await committer;
      expect(await logRedis.hget(keys[2] ?? '', customer)).toBe(profiled);
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('ends with the record and the store agreeing when wishes cross', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => consent.change('crossed', i % 2 === 1)));
    const [row] = await consentsOf(fixture.deps, WORKSPACE, ['crossed']);
    expect(await consent.deniedInStore('crossed')).toEqual([row?.denied, row?.denied]);
  });

  it('wins over flags the stream carried along a link at a higher version', async () => {
    const [place] = placesOf(consent.shards, ['carried']);
    if (!place) throw new Error('no place');
    await fixture.deps.logRedis.hset(
      consentKey(place.shardId, place.partition),
      'carried',
      '{"denied":["profiling"],"v":9}',
    );
    await consent.change('carried', true);
    expect(await consent.deniedInStore('carried')).toEqual([[], []]);
  });

  it('takes a handful of transactions, as many for a customer of many keys as for one of one', async () => {
    await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.identityLink.createMany({
        data: Array.from({ length: 20 }, (_, key) => ({
          workspaceId: WORKSPACE,
          fromKey: `many-${key}`,
          toKey: 'of-many',
          linkedAt: new Date(0),
        })),
      }),
    );
    const transactionsOf = async (customer: string) => {
      const { db, count } = countedCalls(fixture.deps.db, '$transaction', '$queryRaw', '$executeRaw');
      const { change } = consentActs({ ...fixture, deps: { ...fixture.deps, db } });
      const { linkedKeys } = await change(customer);
      return { keys: linkedKeys.length, transactions: count() };
    };
    const one = await transactionsOf('of-one');
    expect(one.keys).toBe(0);
    expect(one.transactions).toBeLessThanOrEqual(MOST_TRANSACTIONS);
    expect(await transactionsOf('of-many')).toEqual({ keys: 20, transactions: one.transactions });
  });
});

const FAKE_COMMIT = `
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
return 1`;

describe('a stored state that cannot be read', () => {
  it('keeps nobody from opting out', async () => {
    const [place] = placesOf(consent.shards, ['torn']);
    if (!place) throw new Error('no place');
    const key = consentKey(place.shardId, place.partition).replace(/consent$/, 'state');
    await fixture.deps.logRedis.hset(key, 'torn', '{"t":1,');
    expect(await consent.change('torn')).toMatchObject({ denied: ['profiling'] });
    expect(await consent.deniedInStore('torn')).toEqual([['profiling'], ['profiling']]);
  });
});
