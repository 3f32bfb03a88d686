import { KNOWN_IDS } from '../message-id-scripts';

/**
 * An append to Kafka claims its message ids first (ADR 6). A claim stands in two hashes of the partition:
 *   pending: claim → `<claimed at, ms> <bucket:value …>` until it is settled, then nothing; `void <at>` once given up
 *   claims:  claim → events that are still to be counted, from the claim until the processors have committed the pack
 * A pack takes effect if and only if its claim stands in `claims` when the processors commit it.
 */

/** Gives a claim up: its ids are unknown again, and a pack that appears after all has no effect. */
const GIVE_UP = `
local function giveUp(pending, claims, claim, ids, now)
  for bucket, value in string.gmatch(ids, '(%d+):(%d+)') do
    fresh = fresh - redis.call('SREM', newest .. bucket, value)
    for g = 1, #older do redis.call('SREM', older[g] .. bucket, value) end
  end
  redis.call('HSET', pending, claim, 'void ' .. now)
  redis.call('HDEL', claims, claim)
end
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;

/**
 * Claims the ids of one pack of one partition.
 *
 * KEYS: 1 live generations · 2 events per generation · 3 pending · 4 claims · 5 numbering (hash: era, last)
 * ARGV: 1 prefix of the id buckets · 2 ms after which an unsettled claim may be given up by others · then per event: bucket, value
 * Returns: claim (empty when nothing is new), indexes of repeats, indexes of the first event whose id
 *   another append has claimed and not settled, and of all that follow
 */
export const CLAIM_SCRIPT = `
${KNOWN_IDS}
${GIVE_UP}
local now = clock()
local stale = tonumber(ARGV[2])
local holders
local function holderOf(id)
  if not holders then
    holders = {}
    local flat = redis.call('HGETALL', KEYS[3])
    for i = 1, #flat, 2 do
      local at, ids = string.match(flat[i + 1], '^(%d+) (.*)$')
      if at then
        local holder = { claim = flat[i], at = tonumber(at), ids = ids }
        for held in string.gmatch(ids, '%d+:%d+') do holders[held] = holder end
      end
    end
  end
  return holders[id]
end
local mine, own, repeats, waits = {}, {}, {}, {}
local function take(id)
  mine[id] = true
  own[#own + 1] = id
end
local index = 0
for at = 3, #ARGV, 2 do
  local bucket, value = ARGV[at], ARGV[at + 1]
  local id = bucket .. ':' .. value
  if #waits > 0 then
    -- What follows waits too, so that a customer's events keep their order.
    waits[#waits + 1] = index
  elseif not isKnown(bucket, value) then
    take(id)
  else
    local holder = not mine[id] and holderOf(id)
    if not holder then
      repeats[#repeats + 1] = index
    elseif now - holder.at < stale then
      waits[#waits + 1] = index
    else
      giveUp(KEYS[3], KEYS[4], holder.claim, holder.ids, now)
      for held in string.gmatch(holder.ids, '%d+:%d+') do holders[held] = nil end
      isKnown(bucket, value)
      take(id)
    end
  end
  index = index + 1
end
if fresh ~= 0 then redis.call('HINCRBY', KEYS[2], current, fresh) end
if #own == 0 then return { '', repeats, waits } end
local era = redis.call('HGET', KEYS[5], 'era')
if not era then
  local time = redis.call('TIME')
  era = time[1] .. string.format('%06d', tonumber(time[2]))
  redis.call('HSET', KEYS[5], 'era', era)
end
local claim = era .. '.' .. redis.call('HINCRBY', KEYS[5], 'last', 1)
redis.call('HSET', KEYS[3], claim, now .. ' ' .. table.concat(own, ' '))
redis.call('HSET', KEYS[4], claim, #own)
return { claim, repeats, waits }
`;

/**
 * Settles claims whose packs are in the log. KEYS: 1 pending · 2 claims · 3 events ever appended; ARGV: claims.
 * Returns those that had been given up by others meanwhile: their packs have no effect.
 */
export const SETTLE_SCRIPT = `
local lost = {}
for i = 1, #ARGV do
  local kept = redis.call('HGET', KEYS[1], ARGV[i])
  if kept then
    redis.call('HDEL', KEYS[1], ARGV[i])
    if string.sub(kept, 1, 4) == 'void' then
      lost[#lost + 1] = ARGV[i]
    else
      local count = tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or '0')
      if count > 0 then
        redis.call('INCRBY', KEYS[3], count)
        redis.call('HSET', KEYS[2], ARGV[i], 0)
      end
    end
  end
end
return lost
`;

/**
 * Gives up claims of which nobody knows whether their packs got into the log.
 * KEYS: 1 live generations · 2 events per generation · 3 pending · 4 claims
 * ARGV: 1 prefix · 2 ms: claims of at least this age · 3 ms: given up ones of at least this age are forgotten ·
 *   then claims; none: all
 */
export const GIVE_UP_SCRIPT = `
${KNOWN_IDS}
${GIVE_UP}
local now = clock()
local function look(claim, kept)
  local at, ids = string.match(kept or '', '^(%d+) (.*)$')
  if at then
    if now - tonumber(at) >= tonumber(ARGV[2]) then giveUp(KEYS[3], KEYS[4], claim, ids, now) end
  elseif kept then
    local given = string.match(kept, '^void (%d+)$')
    if given and now - tonumber(given) >= tonumber(ARGV[3]) then redis.call('HDEL', KEYS[3], claim) end
  end
end
if #ARGV > 3 then
  for i = 4, #ARGV do look(ARGV[i], redis.call('HGET', KEYS[3], ARGV[i])) end
else
  local flat = redis.call('HGETALL', KEYS[3])
  for i = 1, #flat, 2 do look(flat[i], flat[i + 1]) end
end
if fresh ~= 0 then redis.call('HINCRBY', KEYS[2], current, fresh) end
return 'OK'
`;

/** The claim of a tick, one at a time, under the epoch. KEYS: 1 epoch · 2 claims; ARGV: 1 epoch · 2 claim */
export const CLAIM_TICK_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'tick', ARGV[2])
return 1
`;
