/**
 * The one atomic commit of a partition (ADR 3): validates epoch, offset, push sequence and consent version, then writes
 * everything a batch changed. The sequence is checked too, since a batch that only fires timers leaves the offset:
 * a client that sends the same commit again after a reconnect must not write it twice.
 *
 * KEYS 1 epoch 2 offset 3 consent:v 4 seq 5 clock 6 agg 7 timers 8 out 9 outbox
 *      10 state 11 parts 12 queue 13 cooldown 14 redirects 15 consent 16 inbox 17 sent
 * ARGV 1 epoch 2 offset before 3 consent version 4 sequence before 5 offset after 6 events after 7 at
 *      8 newest 9 tick 10 aggregates 11 out 12 outbox 13 consent changed (0|1),
 *      then for each of KEYS 10–17: number of sets, field, value …, number of deletions, field …
 *      then timers: number of adds, score, member …, number of removals, member …
 * Reply: { 'OK', seq, outbox id, consent version, earliest timer, due customer … } or { reason }
 */
export const COMMIT_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'STALE_EPOCH'} end
if (redis.call('HGET', KEYS[2], 'id') or '0-0') ~= ARGV[2] then return {'OFFSET_MOVED'} end
if (redis.call('GET', KEYS[4]) or '0') ~= ARGV[4] then return {'OFFSET_MOVED'} end
if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[3] then return {'CONSENT_CHANGED'} end
local i = 14
local function each(command, key, width)
  local count = tonumber(ARGV[i]) * width
  local last = i + count
  for from = i + 1, last, 2000 do
    redis.call(command, key, unpack(ARGV, from, math.min(from + 1999, last)))
  end
  i = last + 1
end
redis.call('HSET', KEYS[2], 'id', ARGV[5], 'n', ARGV[6], 'at', ARGV[7])
redis.call('HSET', KEYS[5], 'newest', ARGV[8], 'tick', ARGV[9])
redis.call('SET', KEYS[6], ARGV[10])
for k = 10, 17 do
  each('HSET', KEYS[k], 2)
  each('HDEL', KEYS[k], 1)
end
each('ZADD', KEYS[7], 2)
each('ZREM', KEYS[7], 1)
local consent = ARGV[3]
if ARGV[13] == '1' then consent = tostring(redis.call('INCR', KEYS[3])) end
if ARGV[11] ~= '' then redis.call('XADD', KEYS[8], '*', 'r', ARGV[11]) end
local outbox = ''
if ARGV[12] ~= '' then outbox = redis.call('XADD', KEYS[9], '*', 'r', ARGV[12]) end
local seq = redis.call('INCR', KEYS[4])
local first = redis.call('ZRANGE', KEYS[7], 0, 0, 'WITHSCORES')[2] or ''
local reply = {'OK', seq, outbox, consent, first}
local clock = math.max(tonumber(ARGV[8]), tonumber(ARGV[9]))
if first ~= '' and tonumber(first) <= clock then
  local due = redis.call('ZRANGEBYSCORE', KEYS[7], '-inf', string.format('%.0f', clock), 'LIMIT', 0, 250)
  for k = 1, #due do reply[5 + k] = due[k] end
end
return reply
`;

/** A tick under the epoch: KEYS 1 epoch 2 log 3 n; ARGV 1 epoch 2 records. Reply: entry id, or nil when stale. */
export const TICK_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
return redis.call('XADD', KEYS[2], '*', 'r', ARGV[2], 'n', redis.call('GET', KEYS[3]) or '0')
`;

/** Records from another partition: KEYS 1 log 2 n; ARGV 1 records. They are no customer events: n stays. */
export const DELIVER_SCRIPT = `
return redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'n', redis.call('GET', KEYS[2]) or '0')
`;
