/**
 * Half of the limit L: the least that can be called a collector. node:http, JSON.parse, the same partitions, the same
 * linger and packing as the product, appended to a Redis that fsyncs every write. No validation, no deduplication.
 *
 * Usage: bare-collector <port> <redis port> <partitions>
 */
import http from 'node:http';
import { Redis } from 'ioredis';
import { partitionOf } from '@/server/core/partition';

const LINGER_MS = 5;
const [port = '0', redisPort = '6379', partitionsText = '64'] = process.argv.slice(2);
const partitions = Number(partitionsText);
const redis = new Redis(Number(redisPort), '127.0.0.1');

let packs = new Map<number, string[]>();
let waiting: (() => void)[] = [];
let timer: NodeJS.Timeout | undefined;

async function flush(): Promise<void> {
  timer = undefined;
  const taken = packs;
  const answer = waiting;
  packs = new Map();
  waiting = [];
  const pipeline = redis.pipeline();
  for (const [partition, events] of taken) {
    pipeline.xadd(`{1.${partition}}:log`, '*', 'r', `[${events.join(',')}]`);
  }
  await pipeline.exec();
  for (const done of answer) done();
}

function take(body: { batch: { userId: string }[] }, done: () => void): void {
  for (const event of body.batch) {
    const partition = partitionOf(event.userId, partitions);
    const pack = packs.get(partition);
    if (pack) pack.push(JSON.stringify(event));
    else packs.set(partition, [JSON.stringify(event)]);
  }
  waiting.push(done);
  if (!timer) timer = setTimeout(() => void flush(), LINGER_MS);
}

http
  .createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      take(JSON.parse(Buffer.concat(chunks).toString('utf8')), () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"success":true}');
      }),
    );
  })
  .listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
