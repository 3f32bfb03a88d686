import type { Redis } from 'ioredis';
import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { partitionKeys } from '@/server/scaling';

/** Kinds of keyed state of a partition, and the commands that size each. */
const KINDS = [
  ['customers', 'state', 'hlen'],
  ['parts', 'parts', 'hlen'],
  ['redirects', 'redirects', 'hlen'],
  ['consent', 'consent', 'hlen'],
  ['timers', 'timers', 'zcard'],
  ['queue', 'queue', 'hlen'],
  ['cooldowns', 'cooldowns', 'hlen'],
  ['log', 'log', 'xlen'],
  ['outputs', 'out', 'xlen'],
] as const;
export type StateKind = (typeof KINDS)[number][0];

export interface KindSize {
  kind: StateKind;
  keys: number;
  /** as the store estimates them from samples, its own overhead included */
  bytes: number;
}

const SAMPLES = 20;

/** Entries and memory of each kind of state over partitions of a shard, in one pipeline. */
export async function stateSizes(
  redis: Redis,
  shardId: number,
  partitions: readonly number[],
): Promise<KindSize[]> {
  const pipeline = redis.pipeline();
  for (const partition of partitions) {
    const keys = partitionKeys(shardId, partition);
    for (const [, name, command] of KINDS) {
      pipeline[command](keys[name]);
      pipeline.memory('USAGE', keys[name], 'SAMPLES', SAMPLES);
    }
  }
  const values = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return Number(value ?? 0);
  });
  return KINDS.map(([kind], index) => {
    const size: KindSize = { kind, keys: 0, bytes: 0 };
    partitions.forEach((_, at) => {
      const place = (at * KINDS.length + index) * 2;
      size.keys += values[place] ?? 0;
      size.bytes += values[place + 1] ?? 0;
    });
    return size;
  });
}

type Db = Pick<Deps, 'db'>;

/** Keeps sizes as of a moment, and forgets those from before. */
export async function keepSizes(
  deps: Db,
  workspaceId: string,
  sizes: readonly KindSize[],
  at: Date,
  before: Date,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.stateInventory.createMany({
      data: sizes.map((size) => ({ workspaceId, at, ...size })),
      skipDuplicates: true,
    });
    await tx.stateInventory.deleteMany({ where: { workspaceId, at: { lt: before } } });
  });
}

export interface PastSize {
  kind: string;
  at: Date;
  keys: number;
  bytes: number;
}

/** For each kind the sample nearest before `at`, or else the oldest there is. */
export async function sizesBefore(deps: Db, workspaceId: string, at: Date): Promise<PastSize[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<PastSize[]>(Prisma.sql`
      SELECT DISTINCT ON (kind) kind, at, keys, bytes FROM state_inventory WHERE workspace_id = ${workspaceId}
      ORDER BY kind, (at > ${at}), abs(extract(epoch FROM at - ${at}))`),
  );
}
