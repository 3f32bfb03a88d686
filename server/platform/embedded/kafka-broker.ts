import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports';
import { commandLineOf, endForeignProcess } from './process-table';
import { type ServerProcess, startServerProcess, waitForServer } from './server-process';

const run = promisify(execFile);
const READY_TIMEOUT_MS = 120_000;
const LEAST_JAVA = 17;
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
const POM = 'scripts/kafka/pom.xml';

export interface KafkaOptions {
  /** Where the broker keeps its log and its settings. */
  readonly dataDir: string;
  /** Where its programs are; see `installKafka`. */
  readonly libDir: string;
  readonly port: number;
  /** The port that it names to clients, when they reach it through something in between; `port` without it. */
  readonly advertisedPort?: number;
  readonly logFile: string;
  readonly heapMb?: number;
  /** Ends the starting, and the broker. */
  readonly stopping?: AbortSignal;
}

export interface KafkaBroker extends ServerProcess {
  /** For `KAFKA_BROKERS`. */
  readonly brokers: string;
}

/** Why no broker can be had on this machine, as a sentence; null when one can. */
export async function whyNoKafka(libDir: string): Promise<string | null> {
  const version = await run('java', ['-version']).then(
    ({ stderr, stdout }) => Number(/version "(\d+)/.exec(stderr + stdout)?.[1] ?? 0),
    () => 0,
  );
  if (version < LEAST_JAVA) {
    return `A Kafka broker needs Java ${LEAST_JAVA} or newer, and ${version === 0 ? 'there is none' : `this is ${version}`}.`;
  }
  if (isKafkaInstalled(libDir)) return null;
  const maven = await run('mvn', ['-v']).then(
    () => true,
    () => false,
  );
  return maven ? null : 'A Kafka broker is fetched by Maven, and there is no mvn.';
}

/** Whether the broker was fetched before. */
export const isKafkaInstalled = (libDir: string): boolean => existsSync(join(libDir, 'complete'));

/** Fetches the broker and what it needs at run time from Maven Central, once. @throws with what Maven said */
export async function installKafka(libDir: string): Promise<void> {
  if (isKafkaInstalled(libDir)) return;
  mkdirSync(libDir, { recursive: true });
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${resolve(libDir)}`,
  ];
  try {
    await run('mvn', ['-q', '-B', '-f', POM, ...goal]);
  } catch (error) {
    const said = (error as { stdout?: string }).stdout ?? '';
    throw new Error(`Maven could not fetch the Kafka broker: ${said.trim().split('\n')[0] ?? ''}`);
  }
  if (!readdirSync(libDir).some((name) => name.startsWith('kafka_2.13-'))) {
    throw new Error(`Maven left no Kafka broker in ${libDir}.`);
  }
  writeFileSync(join(libDir, 'complete'), '');
}

/** Starts one broker that is its own controller (KRaft) on 127.0.0.1, and waits until it takes connections. */
export async function startKafka(options: KafkaOptions): Promise<KafkaBroker> {
  const { dataDir, libDir, port, advertisedPort = port, logFile, heapMb = 512 } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await endLeftOverKafka(dataDir);
  const configuration = join(dataDir, 'server.properties');
  const controllerPort = keptControllerPort(configuration) ?? (await freePort());
  writeFileSync(configuration, propertiesOf({ dataDir, port, advertisedPort, controllerPort }), {
    mode: 0o600,
  });
  const java = [
    `-Xmx${heapMb}m`,
    `-Xms${Math.min(heapMb, 128)}m`,
    '-XX:+UseSerialGC',
    QUIET,
    '-cp',
    join(libDir, '*'),
  ];
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) {
    // In one word: one id in 64 begins with a dash, and would be taken for an option of its own.
    const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', clusterId, '-c', configuration]);
  }
  const server = startServerProcess({
    command: 'java',
    args: [...java, 'kafka.Kafka', configuration],
    logFile,
  });
  writeFileSync(join(dataDir, 'kafka.pid'), String(server.pid));
  await waitForServer(server, {
    name: 'Kafka',
    logFile,
    ready: () => takesConnections(port),
    timeoutMs: READY_TIMEOUT_MS,
    stopping: options.stopping,
  });
  return { ...server, brokers: `127.0.0.1:${advertisedPort}` };
}

/** The controller's address is part of what the broker remembers: it stays. */
function keptControllerPort(configuration: string): number | null {
  if (!existsSync(configuration)) return null;
  const kept = /CONTROLLER:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(configuration, 'utf8'))?.[1];
  return kept === undefined ? null : Number(kept);
}

function propertiesOf({
  dataDir,
  port,
  advertisedPort,
  controllerPort,
}: {
  dataDir: string;
  port: number;
  advertisedPort: number;
  controllerPort: number;
}): string {
  const lines = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${resolve(dataDir, 'log')}`,
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'num.network.threads=2',
    'num.io.threads=4',
    'log.cleaner.dedupe.buffer.size=8388608',
    'log.segment.bytes=67108864',
    'log.index.size.max.bytes=1048576',
  ];
  return `${lines.join('\n')}\n`;
}

/** A killed supervisor leaves its broker running on the same files: it is ended first. */
export async function endLeftOverKafka(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'kafka.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (commandLineOf(pid)?.includes(join(dataDir, 'server.properties'))) {
    await endForeignProcess(pid, 'SIGTERM', 15_000);
  }
  rmSync(pidFile, { force: true });
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('close', () => socket.destroy());
    setTimeout(() => socket.destroy(), 1_000).unref();
    socket.once('connect', () => socket.destroy());
  });
}
