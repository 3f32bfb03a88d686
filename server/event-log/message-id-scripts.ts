/**
 * The beginning of a script that takes message ids in. KEYS[1] lists the live generations of ids, newest first; ARGV[1]
 * is the prefix of their buckets. `isKnown` tells whether an id is there already, and otherwise adds it to the newest
 * generation; `fresh` counts those.
 */
export const KNOWN_IDS = `
local live = redis.call('GET', KEYS[1])
if not live then
  live = '1'
  redis.call('SET', KEYS[1], live)
end
local prefix = ARGV[1]
local older, current = {}, nil
for generation in string.gmatch(live, '%d+') do
  if current then older[#older + 1] = prefix .. generation .. ':' else current = generation end
end
local newest = prefix .. current .. ':'
local fresh = 0
local function isKnown(bucket, value)
  for g = 1, #older do
    if redis.call('SISMEMBER', older[g] .. bucket, value) == 1 then return true end
  end
  if redis.call('SADD', newest .. bucket, value) == 0 then return true end
  fresh = fresh + 1
  return false
end
`;

/**
 * Keeps the generations of message ids: a new one begins when the newest is old or large enough, and the oldest goes
 * when all of it is past the time, or when all together take too much.
 *
 * KEYS: 1 live generations · 2 events per generation · 3 when each began (hash)
 * ARGV: 1 prefix · 2 now, ms · 3 span of a generation, ms · 4 time to cover, ms · 5 most bytes · 6 bytes an id ·
 *   7 number of buckets · 8 bytes a bucket
 * Returns: start of the oldest generation, estimated bytes
 */
export const MAINTAIN_SCRIPT = `
local live = redis.call('GET', KEYS[1]) or '1'
local prefix, now, span, cover = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local most, idBytes, buckets, bucketBytes =
  tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local generations, bytes = {}, {}
for generation in string.gmatch(live, '%d+') do generations[#generations + 1] = tonumber(generation) end
local function bytesOf(generation)
  local ids = tonumber(redis.call('HGET', KEYS[2], generation) or '0')
  return ids * idBytes + math.min(ids, buckets) * bucketBytes
end
local function startOf(generation)
  local start = redis.call('HGET', KEYS[3], generation)
  if not start then
    redis.call('HSET', KEYS[3], generation, now)
    return now
  end
  return tonumber(start)
end
if startOf(generations[1]) + span <= now or bytesOf(generations[1]) * 4 > most then
  table.insert(generations, 1, generations[1] + 1)
  startOf(generations[1])
end
local total = 0
for i = 1, #generations do total = total + bytesOf(generations[i]) end
while #generations > 1 and (startOf(generations[#generations - 1]) + cover <= now or total > most) do
  local oldest = table.remove(generations)
  total = total - bytesOf(oldest)
  for bucket = 0, buckets - 1 do redis.call('UNLINK', prefix .. oldest .. ':' .. bucket) end
  redis.call('HDEL', KEYS[2], oldest)
  redis.call('HDEL', KEYS[3], oldest)
end
redis.call('SET', KEYS[1], table.concat(generations, ' '))
return { startOf(generations[#generations]), total }
`;
