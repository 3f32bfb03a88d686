import { RedisScript } from '@/server/platform/redis-script';

/**
 * What the store holds of the customers of one batch beside their states: mostly nothing, so only what is there is told.
 *
 * KEYS 1 redirects 2 queue 3 cooldown 4 timers
 * ARGV customer …
 * Reply: for each of KEYS: { index of the customer from 0, value, … }
 */
const LOAD_SCRIPT = `
local reply = {}
local count = #ARGV
local function each(command, key, take)
  for from = 1, count, 2000 do
    local values = redis.call(command, key, unpack(ARGV, from, math.min(from + 1999, count)))
    for k = 1, #values do take(from + k - 1, values[k]) end
  end
end
for kind = 1, 4 do
  local found = {}
  if redis.call('EXISTS', KEYS[kind]) == 1 then
    each(kind == 4 and 'ZMSCORE' or 'HMGET', KEYS[kind], function(k, value)
      if value then
        found[#found + 1] = k - 1
        found[#found + 1] = value
      end
    end)
  end
  reply[kind] = found
end
return reply
`;

export const loadScript = new RedisScript(LOAD_SCRIPT);
