import { offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { partitionKeys, STREAM_START, statesWithParts } from '@/server/scaling';

/** A customer's state as stored: its text, and the texts of all parts beside it, oldest first. */
export interface StoredState {
  text: string | null;
  parts: string[];
}

/** States of some customers of one partition, as of one commit, and where the partition stood. */
export interface StoredStates {
  /** last processed entry */
  offset: string;
  /** last archived entry, as the log was told */
  archived: string;
  /** by customer, in the order asked */
  states: StoredState[];
  /** flags by customer as JSON; null: nothing denied */
  consent: (string | null)[];
}

/** How often states are read until their parts are of the same moment. */
const ATTEMPTS = 5;

/** Reads them in one transaction. @throws when the partition never stands still for it */
export async function storedStates(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  partition: number,
  customers: readonly string[],
): Promise<StoredStates> {
  const found = await statesWithParts({
    customers,
    attempts: ATTEMPTS,
    read: (fields) => readStates(logRedis, shardId, partition, customers, fields),
  });
  if (found === null) throw new Error('States were not read: they change too fast.');
  const { read, parts } = found;
  const states = read.texts.map((text, at) => ({
    text,
    parts: (parts[at] ?? []).map((part) => part ?? '[]'),
  }));
  return { ...read, states };
}

type Texts = (string | null)[];

interface ReadStates extends Omit<StoredStates, 'states'> {
  texts: Texts;
  parts: Texts;
}

async function readStates(
  redis: Deps['logRedis'],
  shardId: number,
  partition: number,
  customers: readonly string[],
  fields: readonly string[],
): Promise<ReadStates> {
  const keys = partitionKeys(shardId, partition);
  const transaction = redis
    .multi()
    .hget(offsetKey(shardId, partition, 'main'), 'id')
    .hget(offsetKey(shardId, partition, 'archive'), 'id')
    .hmget(keys.state, ...customers)
    .hmget(keys.consent, ...customers);
  if (fields.length > 0) transaction.hmget(keys.parts, ...fields);
  const [offset, archived, texts, consent, parts] = ((await transaction.exec()) ?? []).map(
    ([error, value]) => {
      if (error) throw error;
      return value;
    },
  ) as [string | null, string | null, Texts, Texts, Texts | undefined];
  return {
    offset: offset ?? STREAM_START,
    archived: archived ?? STREAM_START,
    texts,
    consent,
    parts: parts ?? [],
  };
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
