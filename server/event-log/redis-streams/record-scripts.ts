/** A tick under the epoch: KEYS 1 epoch 2 log 3 n; ARGV 1 epoch 2 records. Reply: entry id, or nil when stale. */
export const TICK_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end
return redis.call('XADD', KEYS[2], '*', 'r', ARGV[2], 'n', redis.call('GET', KEYS[3]) or '0')
`;

/** Records from another partition: KEYS 1 log 2 n; ARGV 1 records. They are no customer events: n stays. */
export const DELIVER_SCRIPT = `
return redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'n', redis.call('GET', KEYS[2]) or '0')
`;
