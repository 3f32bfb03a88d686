import { valuesOf } from '@/server/core/redis-replies';
import { entryTime, logOf, offsetKey, STREAM_START } from '@/server/event-log';
import type { LagReading } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { type Heartbeat, isAlive, lastBeats } from './heartbeats';
import { GROUPS, type Group, partitionKeys, partitionName } from './partition-keys';

/** A heartbeat this old still proves that a drained partition is cared for, ms. */
const CARED_FOR_MS = 1_000;
/** What workers told is good for so long, ms: about as often as they tell it. */
const HEARD_MS = 250;
const MS_PER_SECOND = 1_000;

/** A lag reading with what causes and rates are made from. */
export interface DetailedLag extends LagReading {
  /** customer events that ever came, and that the group has done */
  appended: number;
  processed: number;
  /** age of the owner's heartbeat, ms; null: nobody holds it */
  ownerSilentMs: number | null;
}

interface Standing {
  appended: number;
  processed: number;
  /** customer events not yet processed */
  backlog: number;
  /** log time of the oldest unprocessed record, ms; null when drained */
  oldestAt: number | null;
}

/**
 * Seconds behind of every group on every partition of a shard: a number while there is a backlog, 0 when drained and
 * cared for, else null. @throws when the log's Redis cannot be reached: nothing is then known
 */
export async function lagOf(deps: LagDeps, shard: ShardPlace): Promise<LagReading[]> {
  return (await detailedLagOf(deps, shard)).map(plainReading);
}

function plainReading({
  appended: _a,
  processed: _p,
  ownerSilentMs: _o,
  ...reading
}: DetailedLag): LagReading {
  return reading;
}

/**
 * Reads how far behind a group is on one shard after the other, for who looks at all of them in turn: workers are
 * heard once for all, since each of them tells every partition that it holds.
 * @returns reader of a shard, which throws when the log's Redis cannot be reached
 */
export function groupLagReader(deps: LagDeps, group: Group): (shard: ShardPlace) => Promise<LagReading[]> {
  let heard: Promise<Holders> | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  const hear = () => {
    const now = deps.now();
    if (heard === undefined || now < heardAt || now - heardAt >= HEARD_MS) {
      heardAt = now;
      heard = holdersOf(deps, group);
    }
    return heard;
  };
  return async (shard) => {
    const [standings, holders] = await Promise.all([standingsOf(deps, shard, group), hear()]);
    return readingsOf(shard.shardId, group, standings, holders, deps.now()).map(plainReading);
  };
}

type LagDeps = Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>;
type ShardPlace = { shardId: number; partitions: number };

/** The same, with counts and heartbeats. @throws when the log's Redis cannot be reached */
export async function detailedLagOf(deps: LagDeps, shard: ShardPlace): Promise<DetailedLag[]> {
  const groups = await Promise.all(
    GROUPS.map(async (group) => {
      const [standings, holders] = await Promise.all([
        standingsOf(deps, shard, group),
        holdersOf(deps, group),
      ]);
      return readingsOf(shard.shardId, group, standings, holders, deps.now());
    }),
  );
  return groups.flat();
}

/** Who holds what, as the workers of a group last told. */
interface Holders {
  beats: readonly Heartbeat[];
  /** by the name of the partition */
  owners: ReadonlyMap<string, Heartbeat>;
  /** partitions of workers that died: until somebody takes them nothing is known of them */
  orphans: ReadonlySet<string>;
}

async function holdersOf({ queueRedis, now }: LagDeps, group: Group): Promise<Holders> {
  const at = now();
  const told = await lastBeats(queueRedis, group, at).catch(() => []);
  const beats = told.filter((beat) => isAlive(beat.at, at));
  const owners = new Map<string, Heartbeat>();
  for (const beat of beats) for (const name of beat.partitions) owners.set(name, beat);
  const silent = told.filter((beat) => !isAlive(beat.at, at));
  return { beats, owners, orphans: new Set(silent.flatMap(({ partitions }) => partitions)) };
}

function readingsOf(
  shardId: number,
  group: Group,
  standings: readonly Standing[],
  { beats, owners, orphans }: Holders,
  now: number,
): DetailedLag[] {
  const someoneCares = beats.some((beat) => now - beat.at <= CARED_FOR_MS);
  return standings.map(({ backlog, oldestAt, appended, processed }, partition) => {
    const name = partitionName(shardId, partition);
    const owner = owners.get(name);
    const caredFor = owner ? now - owner.at <= CARED_FOR_MS : someoneCares && !orphans.has(name);
    const drained = caredFor ? 0 : null;
    const lagSeconds = oldestAt === null ? drained : Math.max(0, now - oldestAt) / MS_PER_SECOND;
    return {
      shardId,
      group,
      partition,
      lagSeconds,
      backlog,
      owner: owner?.worker ?? null,
      appended,
      processed,
      ownerSilentMs: owner ? Math.max(0, now - owner.at) : null,
    };
  });
}

async function standingsOf(
  deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
  { shardId, partitions }: { shardId: number; partitions: number },
  group: Group,
): Promise<Standing[]> {
  const { logRedis } = deps;
  const looks = logRedis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) {
    const keys = partitionKeys(shardId, partition);
    looks.hmget(offsetKey(shardId, partition, group), 'id', 'n');
    looks.get(keys.count);
    // What the processors put out waits for the archive too; what is archived is trimmed at once.
    if (group === 'archive') looks.xrange(keys.out, '-', '+', 'COUNT', 1);
    else looks.exists(keys.out);
  }
  const known = valuesOf(await looks.exec());
  const places = Array.from({ length: partitions }, (_, partition) => {
    const [id, done] = known[partition * 3] as [string | null, string | null];
    const appended = Number(known[partition * 3 + 1] ?? 0);
    const processed = Number(done ?? 0);
    const out = entriesOf(known[partition * 3 + 2]);
    return { partition, after: id ?? STREAM_START, behind: appended - processed, appended, processed, out };
  });
  const first = await logOf(deps).firstAfter(shardId, places);
  return places.map(({ behind, appended, processed, out }, index) => {
    const waiting = [...(first[index] == null ? [] : [first[index]]), ...out.map(([id]) => id)];
    if (waiting.length === 0) return { backlog: 0, oldestAt: null, appended, processed };
    const oldestAt = Math.min(...waiting.map(entryTime));
    return { backlog: Math.max(1, behind), oldestAt, appended, processed };
  });
}

function entriesOf(reply: unknown): [id: string][] {
  return Array.isArray(reply) ? (reply as [string][]) : [];
}
