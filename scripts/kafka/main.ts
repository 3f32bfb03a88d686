/** `npm run kafka`: a broker of one's own on this machine, for EVENT_LOG=kafka. Ends with Ctrl-C; its data stays. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installKafka, startKafka, whyNoKafka } from '@/server/platform/embedded/kafka-broker';
import { freePort, isPortFree } from '@/server/platform/embedded/ports';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string', default: join(process.env.MILLRACE_DATA ?? '.data', 'kafka') },
    'heap-mb': { type: 'string', default: '512' },
  },
});

const dataDir = resolve(options.data);
const libDir = join('.data', 'kafka', 'lib');

/** The port it had before, while it is free: what was written down with it still holds. */
async function portToUse(): Promise<number> {
  if (options.port !== undefined) return Number(options.port);
  const settings = join(dataDir, 'server.properties');
  const before = existsSync(settings)
    ? Number(/listeners=PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(settings, 'utf8'))?.[1])
    : 0;
  return before > 0 && (await isPortFree(before, '127.0.0.1')) ? before : freePort();
}

const reason = await whyNoKafka(libDir);
if (reason) {
  console.error(reason);
  process.exit(1);
}
console.log('Fetching Kafka from Maven Central, the first time only …');
await installKafka(libDir);
const broker = await startKafka({
  dataDir,
  libDir,
  port: await portToUse(),
  logFile: join(dataDir, 'kafka.log'),
  heapMb: Number(options['heap-mb']),
});
console.log(`Kafka runs. Start Millrace on it with:

  EVENT_LOG=kafka KAFKA_BROKERS=${broker.brokers} npm start

Its data is in ${dataDir}. Ctrl-C ends it.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void broker.stop());
await broker.exited;
