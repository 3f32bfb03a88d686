/**
 * The other half of the limit L: reads every partition's log, parses it and counts. Prints the count ten times a second.
 *
 * Usage: bare-reader <redis port> <partitions>
 */
import { Redis } from 'ioredis';

const [redisPort = '6379', partitionsText = '64'] = process.argv.slice(2);
const redis = new Redis(Number(redisPort), '127.0.0.1');
const keys = Array.from({ length: Number(partitionsText) }, (_, p) => `{1.${p}}:log`);
const offsets = keys.map(() => '0');
let count = 0;

setInterval(() => process.stdout.write(`${JSON.stringify({ count })}\n`), 100);

for (;;) {
  const streams = await redis.xread('COUNT', 200, 'STREAMS', ...keys, ...offsets);
  if (!streams) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    continue;
  }
  for (const [key, entries] of streams) {
    for (const [id, fields] of entries) {
      offsets[keys.indexOf(key)] = id;
      count += (JSON.parse(fields[1] ?? '[]') as unknown[]).length;
    }
  }
}
