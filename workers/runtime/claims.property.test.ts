import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppendEvent, encodeEvent, epochKey } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { type Claimed, Claims, type Pack } from '@/server/event-log/kafka/claims';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { claimedCommitScript, commitArguments, commitResultOf } from './commit';
import { loadPartition } from './partition-loader';
import type { PartitionMemory } from './partition-memory';

const SHARD = 1;
const PARTITIONS = 1;
const IDS = 6;
let redis: Redis;

beforeAll(async () => {
  const server = await testRedis();
  redis = createRedis(server.url, { name: 'test' });
});
afterAll(() => redis.disconnect());

const ids = fc.uniqueArray(fc.integer({ min: 1, max: IDS }), { minLength: 1, maxLength: 3 });
const which = fc.nat({ max: 7 });
const step = fc.oneof(
  { weight: 4, arbitrary: ids.map((sent) => ({ do: 'claim' as const, sent })) },
  { weight: 4, arbitrary: which.map((at) => ({ do: 'append' as const, at })) },
  { weight: 4, arbitrary: which.map((at) => ({ do: 'settle' as const, at })) },
  { weight: 2, arbitrary: which.map((at) => ({ do: 'giveUp' as const, at })) },
  { weight: 3, arbitrary: fc.nat({ max: 3 }).map((count) => ({ do: 'read' as const, count })) },
  { weight: 3, arbitrary: fc.constant({ do: 'commit' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Attempt {
  claimed: Claimed<Pack>;
  sent: number[];
  appended: boolean;
  settled: boolean;
}

/** Collectors that stop anywhere, requests that land late or twice, a reader that reads ahead: a log of one partition. */
class World {
  readonly claims = new Claims({ redis, idScope: 'shard' });
  readonly attempts: Attempt[] = [];
  /** what the broker holds, in order */
  readonly log: { claim: string; ids: number[] }[] = [];
  readonly acknowledged = new Set<number>();
  /** id → how often it took effect */
  readonly effects = new Map<number, number>();
  read: { claim: string; ids: number[]; stands: boolean }[] = [];
  processed = 0;
  memory: PartitionMemory | null = null;

  async apply(step: Step): Promise<void> {
    if (step.do === 'claim') await this.#claim(step.sent);
    else if (step.do === 'read') await this.#read(step.count);
    else if (step.do === 'commit') await this.#commit();
    else {
      const attempt = this.attempts[this.attempts.length === 0 ? 0 : step.at % this.attempts.length];
      if (attempt) await this.#go(step.do, attempt);
    }
  }

  async #claim(sent: number[]): Promise<void> {
    const events = sent.map((id) => eventOf(id));
    const [claimed] = await this.claims.claim(SHARD, [{ partition: 0, events }]);
    if (claimed) this.attempts.push({ claimed, sent, appended: false, settled: false });
  }

  async #go(act: 'append' | 'settle' | 'giveUp', attempt: Attempt): Promise<void> {
    const { claimed, sent } = attempt;
    const isLeft = (at: number) => claimed.repeats.includes(at) || claimed.waits.includes(at);
    if (act === 'append') {
      attempt.appended = true;
      if (claimed.claim !== '') {
        this.log.push({ claim: claimed.claim, ids: sent.filter((_, at) => !isLeft(at)) });
      }
    } else if (act === 'giveUp') {
      if (!attempt.settled) await this.claims.giveUp(SHARD, [claimed]);
    } else if (attempt.appended && !attempt.settled) {
      attempt.settled = true;
      if (!(await this.claims.settle(SHARD, [claimed]))) return;
      for (const [at, id] of sent.entries()) if (!claimed.waits.includes(at)) this.acknowledged.add(id);
    }
  }

  async #read(count: number): Promise<void> {
    const from = this.processed + this.read.length;
    const found = this.log.slice(from, from + count);
    if (found.length === 0) return;
    const standings = await this.claims.standings(SHARD, new Map([[0, found.map(({ claim }) => claim)]]));
    const own = standings.get(0) ?? [];
    // As a batch is cut: the same claim is not in it twice.
    for (const [at, one] of found.entries()) {
      if (this.read.some(({ claim, stands }) => stands && claim === one.claim)) return;
      this.read.push({ ...one, stands: own[at] === 'stands' });
    }
  }

  async #commit(): Promise<void> {
    if (this.read.length === 0) return;
    this.memory ??= await loadPartition(redis, { shardId: SHARD, partition: 0, partitions: PARTITIONS }, '1');
    if (!this.memory) throw new Error('The lease should hold.');
    const batch = this.read;
    this.read = [];
    const offset = `${this.processed + batch.length}-0`;
    const [sha = '', count = 0, ...rest] = commitArguments(this.memory, { offset, events: 0, at: 1 }, '', {
      claims: batch.filter(({ stands }) => stands).map(({ claim }) => claim),
      refused: batch.flatMap(({ stands }, at) => (stands ? [] : [`${this.processed + at}-0`])),
    });
    const result = commitResultOf(await redis.evalsha(String(sha), Number(count), ...rest));
    this.memory = null;
    if (!result.ok) {
      expect(result.reason).toBe('CLAIM_GONE');
      return;
    }
    this.processed += batch.length;
    for (const { ids: own } of batch.filter(({ stands }) => stands)) {
      for (const id of own) this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
    }
  }

  async drain(): Promise<void> {
    while (this.processed < this.log.length) {
      if (this.read.length === 0) await this.#read(3);
      await this.#commit();
    }
  }
}

function eventOf(id: number): AppendEvent {
  return encodeEvent(plainEvent(String(id), 'a'), String(id), PARTITIONS);
}

describe('claims around an append', () => {
  it('let every acknowledged event take effect once, and none twice, whoever stops where', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        await redis.flushall();
        await claimedCommitScript.load(redis);
        await redis.set(epochKey(SHARD, 0, 'main'), '1');
        const world = new World();
        for (const one of steps) await world.apply(one);
        await world.drain();
        for (const [id, count] of world.effects) expect([id, count]).toEqual([id, 1]);
        for (const id of world.acknowledged) expect(world.effects.has(id)).toBe(true);
        expect(await redis.get('{1.0}:n').then(Number)).toBe(world.effects.size);
      }),
      { numRuns: 300 },
    );
  });
});
