import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isKafkaInstalled,
  type KafkaBroker,
  startKafka,
  whyNoKafka,
} from '@/server/platform/embedded/kafka-broker';
import { freePort } from '@/server/platform/embedded/ports';

const LIB_DIR = join('.data', 'kafka', 'lib');

export interface TestKafka {
  readonly brokers: string;
  /** Ends the broker without warning, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Why there is no broker for tests; null when there is one. Tests fetch nothing: the fault tests do. */
export async function whyNoTestKafka(): Promise<string | null> {
  if (!isKafkaInstalled(LIB_DIR))
    return 'The broker was never fetched: npm run kafka, or npm run test:faults.';
  return whyNoKafka(LIB_DIR);
}

/** A broker of the test file's own, which stops it. */
export async function testKafka(): Promise<TestKafka> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  const options = { dataDir, libDir: LIB_DIR, port: await freePort(), logFile: join(dataDir, 'kafka.log') };
  let broker: KafkaBroker = await startKafka(options);
  return {
    brokers: broker.brokers,
    kill: () => broker.stop('SIGKILL'),
    restart: async () => {
      broker = await startKafka(options);
    },
    stop: async () => {
      await broker.stop('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
