import { z } from 'zod';
import { DAY_MS } from '@/server/core/durations';
import { valuesOf } from '@/server/core/redis-replies';
import { countKey, offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { beginImportSchema, type ImportCounts } from './customer-import.schema';

const KEPT_MS = DAY_MS;
/** Of one import; a batch of few rows costs as much as a full one. */
const MOST_BATCHES = 20_000;

const recordSchema = z.object({
  sourceId: z.string(),
  fileName: z.string(),
  bytes: z.number(),
  columns: beginImportSchema.shape.columns,
});
/** An import that has begun: nothing of its rows. */
export type ImportRecord = z.output<typeof recordSchema>;

type QueueDeps = Pick<Deps, 'queueRedis'>;

const keyOf = (workspaceId: string, importId: string) => `customer-import:${workspaceId}:${importId}`;
const batchesOf = (workspaceId: string, importId: string) => `${keyOf(workspaceId, importId)}:batches`;

export async function keepImport(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  importId: string,
  record: ImportRecord,
): Promise<void> {
  await queueRedis.set(keyOf(workspaceId, importId), JSON.stringify(record), 'PX', KEPT_MS);
}

/** Null when there is none, or it has ended. */
export async function keptImport(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  importId: string,
): Promise<ImportRecord | null> {
  const text = await queueRedis.get(keyOf(workspaceId, importId));
  return text === null ? null : recordSchema.parse(JSON.parse(text));
}

/** Notes what became of a batch, by its first line. Sent again after a lost answer it keeps what came of it first. */
export async function noteBatch(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  importId: string,
  line: number,
  counts: ImportCounts,
): Promise<ImportCounts | 'tooMany'> {
  const key = batchesOf(workspaceId, importId);
  if ((await queueRedis.hlen(key)) >= MOST_BATCHES) return 'tooMany';
  const told = [counts.taken, counts.repeated, counts.refused].join(' ');
  const pipeline = queueRedis.pipeline();
  pipeline.hsetnx(key, String(line), told);
  pipeline.pexpire(key, KEPT_MS);
  pipeline.hget(key, String(line));
  return countsIn(String(valuesOf(await pipeline.exec())[2]));
}

function countsIn(told: string): ImportCounts {
  const [taken = 0, repeated = 0, refused = 0] = told.split(' ').map(Number);
  return { taken, repeated, refused };
}

/** Ends an import. @returns what became of all its rows; null when somebody has ended it before */
export async function endImport(
  { queueRedis }: QueueDeps,
  workspaceId: string,
  importId: string,
): Promise<ImportCounts | null> {
  const batches = await queueRedis.hvals(batchesOf(workspaceId, importId));
  if ((await queueRedis.del(keyOf(workspaceId, importId))) === 0) return null;
  await queueRedis.del(batchesOf(workspaceId, importId));
  return batches.map(countsIn).reduce(
    (sum, one) => ({
      taken: sum.taken + one.taken,
      repeated: sum.repeated + one.repeated,
      refused: sum.refused + one.refused,
    }),
    { taken: 0, repeated: 0, refused: 0 },
  );
}

/** Events of a shard that came and that the processors have not done yet. */
export async function backlogOf(
  { logRedis }: Pick<Deps, 'logRedis'>,
  { shardId, partitions }: { shardId: number; partitions: number },
): Promise<number> {
  const pipeline = logRedis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) {
    pipeline.get(countKey(shardId, partition));
    pipeline.hget(offsetKey(shardId, partition, 'main'), 'n');
  }
  const values = valuesOf(await pipeline.exec()).map(Number);
  return values.reduce((sum, value, place) => sum + (place % 2 === 0 ? value : -value), 0);
}
