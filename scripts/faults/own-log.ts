import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installKafka, startKafka, whyNoKafka } from '@/server/platform/embedded/kafka-broker';
import { freePort } from '@/server/platform/embedded/ports';
import { startRedisCluster } from '@/server/platform/embedded/redis-cluster';
import { ensureRedisProgram } from '../start/redis-program';

/** The log that products under test run on, when it is not the one that they start themselves. */
export interface OwnLog {
  /** Settings of a product with an empty log of its own. */
  settings(): Promise<Record<string, string>>;
  /** Ends a server of it without warning and brings it back; absent where the product watches over it itself. */
  restart?: () => Promise<void>;
  /** Processes of the product that may be killed besides. */
  victims: string[];
  stop(): Promise<void>;
}

/** Where the broker's programs are. */
export const LIB_DIR = join('.data', 'kafka', 'lib');

/** Why a log on Kafka cannot be tested here; null when it can, with everything fetched. */
export async function whyNoOwnKafka(): Promise<string | null> {
  const reason = await whyNoKafka(LIB_DIR);
  if (reason) return reason;
  return installKafka(LIB_DIR).then(
    () => null,
    (error: Error) => error.message,
  );
}

/** By the environment: `EVENT_LOG=kafka` is a broker of one's own, `REDIS_CLUSTER=1` a cluster of three masters. */
export async function startOwnLog(env: Readonly<Record<string, string | undefined>>): Promise<OwnLog> {
  if (env.EVENT_LOG === 'kafka') return ownKafka();
  if (env.REDIS_CLUSTER === '1') return ownCluster();
  return { settings: async () => ({}), victims: ['redis-server'], stop: async () => undefined };
}

async function ownKafka(): Promise<OwnLog> {
  await installKafka(LIB_DIR);
  const dataDir = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  const options = { dataDir, libDir: LIB_DIR, port: await freePort(), logFile: join(dataDir, 'kafka.log') };
  let broker = await startKafka(options);
  // A program that ends with an error leaves no broker behind.
  process.once('exit', () => void broker.stop('SIGKILL'));
  let run = 0;
  return {
    settings: async () => {
      run += 1;
      return { EVENT_LOG: 'kafka', KAFKA_BROKERS: broker.brokers, KAFKA_TOPIC_PREFIX: `run-${run}` };
    },
    restart: async () => {
      await broker.stop('SIGKILL');
      broker = await startKafka(options);
    },
    victims: ['redis-server'],
    stop: async () => {
      await broker.stop('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ownCluster(): Promise<OwnLog> {
  const program = await ensureRedisProgram(process.env.PATH ?? '', () => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cluster-'));
  const cluster = await startRedisCluster(program, folder);
  process.once('exit', () => void cluster.stop());
  let next = 0;
  return {
    settings: async () => {
      await cluster.flush();
      return { REDIS_URL: cluster.url };
    },
    restart: async () => {
      next += 1;
      await cluster.restartNode(next % cluster.size);
    },
    victims: [],
    stop: async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
