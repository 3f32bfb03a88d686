import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  installKafka,
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
}

/** Why there is no broker for tests; null when there is one. */
export const whyNoTestKafka = (): Promise<string | null> => whyNoKafka(LIB_DIR);

/** A broker of the test file's own, ended after it. */
export async function testKafka(): Promise<TestKafka> {
  await installKafka(LIB_DIR);
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  const options = { dataDir, libDir: LIB_DIR, port: await freePort(), logFile: join(dataDir, 'kafka.log') };
  let broker: KafkaBroker = await startKafka(options);
  afterAll(async () => {
    await broker.stop('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    brokers: broker.brokers,
    kill: () => broker.stop('SIGKILL'),
    restart: async () => {
      broker = await startKafka(options);
    },
  };
}
