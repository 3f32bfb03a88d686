import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { RedisScript } from '@/server/platform/redis-script';
import type { AppendEvent } from '../event-log';
import {
  claimNumberingKey,
  claimsKey,
  countKey,
  epochKey,
  pendingClaimsKey,
  refusedEntriesKey,
} from '../log-keys';
import { dedupKeys, type MessageIdOptions } from '../message-ids';
import { CLAIM_SCRIPT, CLAIM_TICK_SCRIPT, GIVE_UP_SCRIPT, SETTLE_SCRIPT } from './claim-scripts';

/** An append that is not settled after this long may be given up by a retry of one of its events. */
const STALE_MS = 4_000;
/** Upkeep gives claims up that nobody has asked for since. */
const ABANDONED_MS = 60_000;
/** By then an append that was given up has long been answered. */
const FORGET_MS = 3_600_000;
const TICK = 'tick:';

/** Events of one partition that travel as one record. */
export interface Pack {
  partition: number;
  events: readonly AppendEvent[];
}

export interface Claimed<P extends Pack> {
  pack: P;
  /** empty when none of the events is new */
  claim: string;
  /** indexes into the events of the pack */
  repeats: number[];
  /** indexes of the first event that another append has on its way, and of all that follow */
  waits: number[];
}

/** What stands of a record that was read. `none`: it takes effect without a claim, as records of other partitions do. */
export type ClaimStanding = 'stands' | 'gone' | 'none';

/** Message ids claimed before an append, and settled after it: see ADR 6. */
export class Claims {
  readonly #redis: Redis;
  readonly #idScope: MessageIdOptions['idScope'];
  readonly #claim: RedisScript;
  readonly #settle: RedisScript;
  readonly #giveUp: RedisScript;
  readonly #claimTick: RedisScript;

  constructor({ redis, idScope }: Pick<MessageIdOptions, 'redis' | 'idScope'>) {
    this.#redis = redis;
    this.#idScope = idScope;
    this.#claim = new RedisScript(CLAIM_SCRIPT);
    this.#settle = new RedisScript(SETTLE_SCRIPT);
    this.#giveUp = new RedisScript(GIVE_UP_SCRIPT);
    this.#claimTick = new RedisScript(CLAIM_TICK_SCRIPT);
  }

  /** Claims what is new of each pack. */
  async claim<P extends Pack>(shardId: number, packs: readonly P[]): Promise<Claimed<P>[]> {
    const replies = await this.#claim.pipelined(
      this.#redis,
      packs.map(({ partition, events }) => {
        const ids = this.#idsOf(shardId, partition);
        const keys = [
          ids.live,
          ids.counts,
          pendingClaimsKey(shardId, partition),
          claimsKey(shardId, partition),
          claimNumberingKey(shardId, partition),
        ];
        const args: (string | number)[] = [ids.prefix, STALE_MS];
        for (const { idBucket, idValue } of events) args.push(idBucket, idValue);
        return { keys, args };
      }),
    );
    return packs.map((pack, index) => {
      const [claim, repeats, waits] = replies[index] as [string, number[], number[]];
      return { pack, claim, repeats, waits };
    });
  }

  /** Settles claims whose packs are in the log. @returns whether all of them still stood */
  async settle(shardId: number, claimed: readonly Claimed<Pack>[]): Promise<boolean> {
    const lost = await this.#settle.pipelined(
      this.#redis,
      byPartition(claimed).map(([partition, claims]) => ({
        keys: [
          pendingClaimsKey(shardId, partition),
          claimsKey(shardId, partition),
          countKey(shardId, partition),
        ],
        args: claims,
      })),
    );
    return (lost as string[][]).every((claims) => claims.length === 0);
  }

  /** Gives claims up after an append of unknown outcome, so that a retry need not wait. */
  async giveUp(shardId: number, claimed: readonly Claimed<Pack>[]): Promise<void> {
    await this.#giveUp.pipelined(
      this.#redis,
      byPartition(claimed).map(([partition, claims]) => this.#giveUpRun(shardId, partition, 0, claims)),
    );
  }

  /** Gives up what dead collectors have left. */
  async sweep(shardId: number, partitions: readonly number[]): Promise<void> {
    await this.#giveUp.pipelined(
      this.#redis,
      partitions.map((partition) => this.#giveUpRun(shardId, partition, ABANDONED_MS, [])),
    );
  }

  #giveUpRun(shardId: number, partition: number, ageMs: number, claims: readonly string[]) {
    const ids = this.#idsOf(shardId, partition);
    const keys = [ids.live, ids.counts, pendingClaimsKey(shardId, partition), claimsKey(shardId, partition)];
    return { keys, args: [ids.prefix, ageMs, FORGET_MS, ...claims] };
  }

  /** @returns the claim of a tick, or null when the epoch is over */
  async claimTick(shardId: number, partition: number, epoch: string, at: number): Promise<string | null> {
    const claim = `${TICK}${epoch}.${at}`;
    const keys = [epochKey(shardId, partition, 'main'), claimsKey(shardId, partition)];
    return (await this.#claimTick.run(this.#redis, keys, [epoch, claim])) === 1 ? claim : null;
  }

  /** Ticks of a former lease that are not committed yet take no effect any more. */
  async dropTick(shardId: number, partition: number): Promise<void> {
    await this.#redis.hdel(claimsKey(shardId, partition), 'tick');
  }

  /** What stands of the claims of records that the processors have not committed yet; null: a record without one. */
  async standings(
    shardId: number,
    found: ReadonlyMap<number, readonly (string | null)[]>,
  ): Promise<Map<number, ClaimStanding[]>> {
    const pipeline = this.#redis.pipeline();
    for (const [partition, claims] of found) {
      pipeline.hmget(claimNumberingKey(shardId, partition), 'era', 'last');
      pipeline.hmget(claimsKey(shardId, partition), 'tick', ...claims.map((claim) => claim ?? 'tick'));
    }
    const values = valuesOf(await pipeline.exec()) as (string | null)[][];
    const standings = new Map<number, ClaimStanding[]>();
    [...found].forEach(([partition, claims], index) => {
      const [era = null, last = null] = values[index * 2] ?? [];
      const [tick, ...kept] = values[index * 2 + 1] ?? [];
      standings.set(
        partition,
        claims.map((claim, at) => {
          if (claim === null || !isOf(claim, era, Number(last))) return 'none';
          const stands = claim.startsWith(TICK) ? tick === claim : (kept[at] ?? null) !== null;
          return stands ? 'stands' : 'gone';
        }),
      );
    });
    return standings;
  }

  /** Entries that the processors committed without effect, because their claims were gone. */
  async refused(shardId: number, partitions: readonly number[]): Promise<Map<number, Set<string>>> {
    const pipeline = this.#redis.pipeline();
    for (const partition of partitions) pipeline.smembers(refusedEntriesKey(shardId, partition));
    const values = valuesOf(await pipeline.exec()) as string[][];
    return new Map(partitions.map((partition, index) => [partition, new Set(values[index])]));
  }

  #idsOf(shardId: number, partition: number) {
    return this.#idScope === 'shard' ? dedupKeys(shardId) : dedupKeys(shardId, partition);
  }
}

/** A claim of another era was made by a Redis that is lost: nothing is known of it, and its pack was acknowledged. */
function isOf(claim: string, era: string | null, last: number): boolean {
  if (claim.startsWith(TICK)) return true;
  const dot = claim.indexOf('.');
  return claim.slice(0, dot) === era && Number(claim.slice(dot + 1)) <= last;
}

function byPartition(claimed: readonly Claimed<Pack>[]): [number, string[]][] {
  const made = claimed.filter(({ claim }) => claim !== '');
  return [...Map.groupBy(made, ({ pack }) => pack.partition)].map(([partition, own]) => [
    partition,
    own.map(({ claim }) => claim),
  ]);
}
