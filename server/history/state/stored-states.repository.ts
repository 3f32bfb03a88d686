import { offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { partitionKeys, STREAM_START } from '@/server/scaling';

/** States of some customers of one partition, as of one commit, and where the partition stood. */
export interface StoredStates {
  /** last processed entry */
  offset: string;
  /** last archived entry, as the log was told */
  archived: string;
  /** text by customer, in the order asked; null: none */
  states: (string | null)[];
  /** flags by customer as JSON; null: nothing denied */
  consent: (string | null)[];
}

/** Reads them in one transaction. */
export async function storedStates(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  partition: number,
  customers: readonly string[],
): Promise<StoredStates> {
  const keys = partitionKeys(shardId, partition);
  const replies = await logRedis
    .multi()
    .hget(offsetKey(shardId, partition, 'main'), 'id')
    .hget(offsetKey(shardId, partition, 'archive'), 'id')
    .hmget(keys.state, ...customers)
    .hmget(keys.consent, ...customers)
    .exec();
  const [offset, archived, states, consent] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  }) as [string | null, string | null, (string | null)[], (string | null)[]];
  return { offset: offset ?? STREAM_START, archived: archived ?? STREAM_START, states, consent };
}

/** One page of a scan over a hash of a partition: fields and values in turn. */
export async function scanPage(
  { logRedis }: Pick<Deps, 'logRedis'>,
  key: string,
  cursor: string,
  count: number,
): Promise<{ cursor: string; entries: [field: string, value: string][] }> {
  const [next, flat] = await logRedis.hscan(key, cursor, 'COUNT', count);
  const entries: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) entries.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return { cursor: next, entries };
}
