import { KNOWN_IDS } from '../message-id-scripts';

/**
 * The append: one Lua call for all partitions of a flush, so that it runs whole or not at all, and the reply comes
 * after the fsync.
 *
 * KEYS: 1 list of live id generations, newest first · 2 events per generation · 3 partitions of the shard ·
 *   4 dead-letter log · 5 dead letters so far · then per partition: its log, its count of events
 * ARGV: 1 prefix of the id buckets · 2 number of events · 3 number of partitions · 4 number of dead letters ·
 *   5 "1" when the partitions are to be noted
 *   then per event, in the order taken: bucket, value
 *   then per partition: its number, its packed records, number of events, indexes of its events joined by commas
 *   then per dead letter: bucket (empty: it cannot be recognised), value, record. One that is there already is left out
 *
 * Packs are JSON arrays whose elements are parted by a comma and a newline: JSON text has no raw newline inside, so
 * that the rare pack with a repeat in it can be taken apart here without parsing.
 */
export const APPEND_SCRIPT = `
${KNOWN_IDS}
local events, partitions, letters = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local repeated, repeats = {}, {}
local at = 6
for index = 0, events - 1 do
  if isKnown(ARGV[at], ARGV[at + 1]) then
    repeated[index] = true
    repeats[#repeats + 1] = index
  end
  at = at + 2
end
local function attempt(json)
  local cut = string.find(json, ',"y":"', 1, true)
  return '{"k":"d"' .. string.sub(json, 9, cut - 1) .. '}'
end
local function withoutRepeats(pack, indexes)
  local out, from, last, taken = {}, 2, #pack, 0
  for index in string.gmatch(indexes, '%d+') do
    local stop = string.find(pack, ',\\n', from, true) or last
    local json = string.sub(pack, from, stop - 1)
    from = stop + 2
    if repeated[tonumber(index)] then
      out[#out + 1] = attempt(json)
    else
      out[#out + 1] = json
      taken = taken + 1
    end
  end
  return '[' .. table.concat(out, ',\\n') .. ']', taken
end
local noted = {}
for p = 0, partitions - 1 do
  local pack, count = ARGV[at + 1], tonumber(ARGV[at + 2])
  if #repeats > 0 then pack, count = withoutRepeats(pack, ARGV[at + 3]) end
  local soFar = redis.call('INCRBY', KEYS[7 + 2 * p], count)
  redis.call('XADD', KEYS[6 + 2 * p], '*', 'r', pack, 'n', soFar)
  noted[#noted + 1] = ARGV[at]
  at = at + 4
end
local kept = {}
for _ = 1, letters do
  if ARGV[at] == '' or not isKnown(ARGV[at], ARGV[at + 1]) then kept[#kept + 1] = ARGV[at + 2] end
  at = at + 3
end
if #kept > 0 then
  local pack = '[' .. table.concat(kept, ',') .. ']'
  redis.call('XADD', KEYS[4], '*', 'r', pack, 'n', redis.call('INCRBY', KEYS[5], #kept))
end
if fresh > 0 then redis.call('HINCRBY', KEYS[2], current, fresh) end
if ARGV[5] == '1' and #noted > 0 then redis.call('SADD', KEYS[3], unpack(noted)) end
return repeats
`;
