import type { Redis } from 'ioredis';
import { type ConsentFlags, readConsentFlags } from '@/server/core/consent-flags';
import { Fault } from '@/server/core/fault';
import { valuesOf } from '@/server/core/redis-replies';
import type { ConsentRecord, EventLog } from '@/server/event-log';
import { countKey, DOORBELL_CHANNEL, logKey, partitionsKey, partitionTag } from '@/server/event-log';

/** The flags as the stream reads them: one JSON per customer, one version per partition. */
export const consentKey = (shardId: number, partition: number): string =>
  `${partitionTag(shardId, partition)}:consent`;
export const consentVersionKey = (shardId: number, partition: number): string =>
  `${partitionTag(shardId, partition)}:consent:v`;
const redirectsKey = (shardId: number, partition: number): string =>
  `${partitionTag(shardId, partition)}:redirects`;
const stateKey = (shardId: number, partition: number): string => `${partitionTag(shardId, partition)}:state`;

/** Flags of one customer at a version of the consent of record. */
export interface FlagsToSet {
  customer: string;
  denied: readonly string[];
  version: number;
  allowedAt: Readonly<Record<string, number>>;
}

export interface FlagsSet {
  /** version of the partition's consent, which every commit is checked against */
  partitionVersion: number;
  /** clock of the store when the flags took effect, ms */
  at: number;
  /** customers whose flags in the store were already newer, with that version: not overwritten */
  newer: { customer: string; version: number }[];
}

/**
 * One atomic call per partition: flags, version and, where the log lies beside them, the records in it. From its answer
 * on, no commit that was computed without these flags can land, because every commit compares the version.
 *
 * KEYS: 1 flags · 2 version · 3 log · 4 events so far
 * ARGV: 1 number of customers · then per customer: key, flags as JSON, version, packed record ·
 *   last "1" when the records are appended here
 * Returns: version, clock in ms, the records that are still to be appended, customers with newer flags and their version
 */
const SET_FLAGS = `
local records, newer, at = {}, {}, 2
for i = 1, tonumber(ARGV[1]) do
  local customer, flags, version, record = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
  at = at + 4
  local kept = redis.call('HGET', KEYS[1], customer)
  -- Flags that cannot be read are as good as none: they are written over.
  local readable, flagsKept = pcall(cjson.decode, kept or '')
  local keptVersion = readable and type(flagsKept) == 'table' and tonumber(flagsKept.v) or 0
  if keptVersion > version then
    newer[#newer + 1] = customer
    newer[#newer + 1] = tostring(keptVersion)
  else
    redis.call('HSET', KEYS[1], customer, flags)
    records[#records + 1] = record
  end
end
local version, pack = tonumber(redis.call('GET', KEYS[2]) or '0'), ''
if #records > 0 then
  version = redis.call('INCR', KEYS[2])
  pack = '[' .. table.concat(records, ',\\n') .. ']'
  if ARGV[#ARGV] == '1' then
    redis.call('XADD', KEYS[3], '*', 'r', pack, 'n', redis.call('GET', KEYS[4]) or '0')
    pack = ''
  end
end
local time = redis.call('TIME')
return { version, tostring(time[1] * 1000 + math.floor(time[2] / 1000)), pack, newer }
`;

function recordOf({ customer, denied }: FlagsToSet, at: number): string {
  const record: ConsentRecord = { k: 'o', c: customer, denied: [...denied], t: at };
  return JSON.stringify(record);
}

function flagsText({ denied, version, allowedAt }: FlagsToSet): string {
  const flags: ConsentFlags = { denied: [...denied], v: version };
  if (Object.keys(allowedAt).length > 0) flags.w = allowedAt;
  return JSON.stringify(flags);
}

/**
 * Sets flags in one partition, and appends the change to its log. Throws `unavailable` when the store or the log does not
 * answer: what is set then stays, nothing is acknowledged, and carrying it out again appends it again.
 */
export async function setFlags(
  redis: Redis,
  log: EventLog,
  shardId: number,
  partition: number,
  flags: readonly FlagsToSet[],
  at: number,
): Promise<FlagsSet> {
  const args = flags.flatMap((one) => [one.customer, flagsText(one), one.version, recordOf(one, at)]);
  const reply = await answered(
    redis.eval(
      SET_FLAGS,
      4,
      consentKey(shardId, partition),
      consentVersionKey(shardId, partition),
      logKey(shardId, partition),
      countKey(shardId, partition),
      flags.length,
      ...args,
      log.isWithState ? '1' : '0',
    ),
  );
  const [partitionVersion, setAt, records, newer] = reply as [number, string, string, string[]];
  if (records !== '') await answered(log.deliver([{ shardId, partition, records }]));
  return { partitionVersion, at: Number(setAt), newer: newerOf(newer) };
}

function newerOf(flat: readonly string[]): FlagsSet['newer'] {
  const newer: FlagsSet['newer'] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    newer.push({ customer: flat[i] ?? '', version: Number(flat[i + 1]) });
  }
  return newer;
}

/** Longest wait for the store before an opt-out is refused rather than left hanging. */
const ANSWER_DEADLINE_MS = 2_000;

/** No answer in time means no acknowledgement: the caller hears it, and may ask again. */
async function answered<T>(reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${ANSWER_DEADLINE_MS} ms`)),
      ANSWER_DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([reply, deadline]);
  } catch (cause) {
    throw new Fault('unavailable', 'The consent store does not answer.', { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Notes that partitions exist, for those who look for work without being told. */
export async function notePartitions(
  redis: Redis,
  shardId: number,
  partitions: readonly number[],
): Promise<void> {
  await answered(redis.sadd(partitionsKey(shardId), ...partitions));
}

/** Tells the owners of partitions that their logs have news. A lost word only delays them: they also look themselves. */
export function ringDoorbells(queueRedis: Redis, shardId: number, partitions: readonly number[]): void {
  for (const partition of partitions) {
    void queueRedis.publish(DOORBELL_CHANNEL, `${shardId}.${partition}`).catch(() => undefined);
  }
}

/** A key in a partition that may keep something about it. */
export interface Place {
  shardId: number;
  partition: number;
  customer: string;
}

/** Where keys were redirected to, in the order asked; null where they were not. */
export function redirectsOf(redis: Redis, places: readonly Place[]): Promise<(string | null)[]> {
  return fieldsOf(redis, redirectsKey, places);
}

/** Keyed states as the processors wrote them, as JSON text. */
export function statesOf(redis: Redis, places: readonly Place[]): Promise<(string | null)[]> {
  return fieldsOf(redis, stateKey, places);
}

/** Sent together and one by one: a pipeline may not span partitions on a cluster, and the order is that of calls. */
function fieldsOf(
  redis: Redis,
  keyOf: (shardId: number, partition: number) => string,
  places: readonly Place[],
): Promise<(string | null)[]> {
  return answered(
    Promise.all(
      places.map(({ shardId, partition, customer }) => redis.hget(keyOf(shardId, partition), customer)),
    ),
  );
}

export interface KeptFlags {
  customer: string;
  denied: string[];
  version: number;
  allowedAt: Record<string, number>;
}

/** Partitions of a shard in which anything is denied, in one round trip: of most, nothing is. */
export async function partitionsWithFlags(
  redis: Redis,
  { id, partitions }: { id: number; partitions: number },
): Promise<number[]> {
  const looks = redis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) looks.exists(consentKey(id, partition));
  const found = valuesOf(await answered(looks.exec()));
  return [...found.keys()].filter((partition) => found[partition] === 1);
}

/** Whether anything is denied in any of these shards; each in turn, all partitions of one in one call. */
export async function anyFlags(
  redis: Redis,
  shards: readonly { id: number; partitions: number }[],
): Promise<boolean> {
  for (const shard of shards) if ((await partitionsWithFlags(redis, shard)).length > 0) return true;
  return false;
}

/** A page of the flags of a partition; cursor '0' begins and ends. */
export async function scanFlags(
  redis: Redis,
  shardId: number,
  partition: number,
  cursor: string,
): Promise<{ cursor: string; flags: KeptFlags[] }> {
  const [next, flat] = await answered(redis.hscan(consentKey(shardId, partition), cursor, 'COUNT', 500));
  const flags: KeptFlags[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) flags.push(keptFlags(flat[i] ?? '', flat[i + 1] ?? ''));
  return { cursor: next, flags };
}

/** Flags of given customers, in the order asked; null where nothing is denied. */
export async function flagsOf(redis: Redis, places: readonly Place[]): Promise<(KeptFlags | null)[]> {
  const texts = await fieldsOf(redis, consentKey, places);
  return texts.map((text, i) => (text === null ? null : keptFlags(places[i]?.customer ?? '', text)));
}

function keptFlags(customer: string, text: string): KeptFlags {
  const { denied, v, w = {} } = readConsentFlags(text);
  return { customer, denied, version: v, allowedAt: w };
}
