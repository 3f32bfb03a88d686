import type { Redis } from 'ioredis';
import { offsetKey } from '@/server/event-log';
import { type PartitionKeys, partFields, partitionKeys, STREAM_START } from '@/server/scaling';
import { NEVER } from '@/server/streaming/watermarks';
import type { StoredCustomer } from './expired-state';

/** Reads what decides about customers of one partition, in one pipeline. */
export async function readStoredCustomers(
  redis: Redis,
  keys: PartitionKeys,
  customers: readonly string[],
): Promise<StoredCustomer[]> {
  if (customers.length === 0) return [];
  const replies = await redis
    .multi()
    .hmget(keys.state, ...customers)
    .zmscore(keys.timers, ...customers)
    .hmget(keys.queue, ...customers)
    .hmget(keys.cooldowns, ...customers)
    .exec();
  const [states = [], timers = [], queue = [], cooldowns = []] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return value as (string | null)[];
  });
  return customers.map((customer, at) => ({
    customer,
    state: states[at] ?? null,
    hasTimer: (timers[at] ?? null) !== null,
    isQueued: (queue[at] ?? null) !== null,
    cooldowns: cooldowns[at] ?? null,
  }));
}

/** Clock of a partition (its newest event time or last tick, ms) and the last processed entry. */
export async function clockOf(
  redis: Redis,
  shardId: number,
  partition: number,
): Promise<{ clock: number; offset: string }> {
  const keys = partitionKeys(shardId, partition);
  const [clock, offset] = await Promise.all([
    redis.hgetall(keys.clock),
    redis.hget(offsetKey(shardId, partition, 'main'), 'id'),
  ]);
  return {
    clock: Math.max(Number(clock.newest ?? NEVER), Number(clock.tick ?? NEVER)),
    offset: offset ?? STREAM_START,
  };
}

/**
 * Removes customers whose state is still what was judged: a commit in between keeps its customer. The push sequence moves, so
 * that a worker that holds one of them in memory has its next commit refused, and reads the partition anew.
 * KEYS 1 state 2 timers 3 queue 4 cooldown 5 offset 6 push sequence 7 parts
 * ARGV 1 offset judged at, then for each customer: key, text, number of parts, their fields
 * Reply: the customers removed
 */
const EVICT = `
local gone = {}
if (redis.call('HGET', KEYS[5], 'id') or '0-0') ~= ARGV[1] then return gone end
local at = 2
while at <= #ARGV do
  local customer, parts = ARGV[at], tonumber(ARGV[at + 2])
  if redis.call('HGET', KEYS[1], customer) == ARGV[at + 1] and not redis.call('ZSCORE', KEYS[2], customer)
    and redis.call('HEXISTS', KEYS[3], customer) == 0 then
    redis.call('HDEL', KEYS[1], customer)
    redis.call('HDEL', KEYS[4], customer)
    for part = at + 3, at + 2 + parts do redis.call('HDEL', KEYS[7], ARGV[part]) end
    gone[#gone + 1] = customer
  end
  at = at + 3 + parts
end
if #gone > 0 then redis.call('INCR', KEYS[6]) end
return gone
`;

export async function evictCustomers(
  redis: Redis,
  place: { shardId: number; partition: number },
  offset: string,
  customers: readonly StoredCustomer[],
): Promise<string[]> {
  const keys = partitionKeys(place.shardId, place.partition);
  const main = offsetKey(place.shardId, place.partition, 'main');
  const args = customers.flatMap(({ customer, state }) => {
    const parts = partFields(customer, state);
    return [customer, state ?? '', parts.length, ...parts];
  });
  const names = [keys.state, keys.timers, keys.queue, keys.cooldowns, main, keys.sequence, keys.parts];
  return (await redis.eval(EVICT, names.length, ...names, offset, ...args)) as string[];
}

/** Removes fields of a hash whose value is still the one judged. KEYS 1 hash; ARGV field and value in turn */
const DROP = `
local gone = {}
for at = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[at]) == ARGV[at + 1] then
    redis.call('HDEL', KEYS[1], ARGV[at])
    gone[#gone + 1] = ARGV[at]
  end
end
return gone
`;

export async function dropCooldowns(
  redis: Redis,
  keys: PartitionKeys,
  customers: readonly StoredCustomer[],
): Promise<string[]> {
  const args = customers.flatMap(({ customer, cooldowns }) => [customer, cooldowns ?? '']);
  return (await redis.eval(DROP, 1, keys.cooldowns, ...args)) as string[];
}
