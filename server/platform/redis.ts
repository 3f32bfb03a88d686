import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { splitPipelines } from './cluster-pipeline';
import { leanPipelines } from './lean-pipelines';

export type { Redis } from 'ioredis';

export interface RedisClientOptions {
  /** Shown by `CLIENT LIST`, e.g. `collector`. */
  readonly name: string;
  /** For a client that only waits (BullMQ workers, subscriptions): commands wait for the connection for ever. */
  readonly patient?: boolean;
  /**
   * Whether commands that a broken connection left without an answer are sent again, as the client does by itself. Whoever
   * depends on the order of its commands must not: what had been done before may be lost when they arrive. Such commands
   * fail when the connection breaks. Default: true.
   */
  readonly resend?: boolean;
  readonly onError?: (error: Error) => void;
}

const MAX_BACKOFF_MS = 1_000;
const COMMAND_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Nothing came for so long though an answer is due: the other end is gone without a word, and the connection is made
 * anew. A client that waits asks for up to 10 s at a time.
 */
const SILENCE_LIMIT_MS = { patient: 15_000, impatient: 4_000 };

const SIGN_OF_LIFE_EVERY_MS = 2_000;

/** How long a connection may be silent while an answer is due, ms. */
export function silenceLimit(patient: boolean): number {
  return patient ? SILENCE_LIMIT_MS.patient : SILENCE_LIMIT_MS.impatient;
}

/**
 * A client for either Redis. `redis-cluster://a:1,b:2` makes a cluster client, which has the same commands.
 * Commands fail after two tries while the server is away, so that callers can say so; it reconnects by itself.
 */
export function createRedis(url: string, options: RedisClientOptions): Redis {
  const client = url.startsWith('redis-cluster://')
    ? clusterClient(url, options)
    : singleClient(url, options);
  // Without a listener ioredis prints every attempt to reconnect.
  client.on('error', options.onError ?? (() => undefined));
  return client;
}

/**
 * A connection of its own for subscriptions. It asks for a sign of life: a listener has no answer due, and would take a
 * connection whose other end is gone for a quiet one.
 */
export function createListener(client: Redis, overrides: Partial<RedisOptions> = {}): Redis {
  const listener = client.duplicate(overrides);
  const asking = setInterval(() => {
    if (listener.status === 'ready') listener.ping().catch(() => undefined);
  }, SIGN_OF_LIFE_EVERY_MS);
  asking.unref();
  listener.once('end', () => clearInterval(asking));
  return listener;
}

/** Milliseconds before the next attempt to reconnect. */
export function reconnectDelay(attempt: number): number {
  return Math.min(MAX_BACKOFF_MS, attempt * 50);
}

function clientOptions({ name, patient = false, resend = true }: RedisClientOptions): RedisOptions {
  return {
    connectionName: name,
    // RESP3 is the client's default; replies then differ in shape between commands and servers.
    protocol: 2,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    socketTimeout: silenceLimit(patient),
    maxRetriesPerRequest: patient ? null : 2,
    ...(patient ? {} : { commandTimeout: COMMAND_TIMEOUT_MS }),
    retryStrategy: reconnectDelay,
    autoResendUnfulfilledCommands: resend,
  };
}

/** Waits until the client answers, or fails with the reason it cannot. */
export async function assertReachable(client: Redis): Promise<void> {
  if ((await client.ping()) !== 'PONG') throw new Error('Redis answers, but not as Redis does');
}

function singleClient(url: string, options: RedisClientOptions): Redis {
  const client = new Redis(url, clientOptions(options));
  if (options.resend === false) failUnanswered(client);
  leanPipelines(client);
  return client;
}

/** The library forgets such commands without a word: their callers would wait until the command's own time is up, or for ever. */
function failUnanswered(client: Redis): void {
  const { flushQueue } = client as unknown as {
    flushQueue(error: Error, queues: { offlineQueue: boolean }): void;
  };
  client.on('close', () =>
    flushQueue.call(client, new Error('Connection is closed.'), { offlineQueue: false }),
  );
}

function clusterClient(url: string, options: RedisClientOptions): Redis {
  const { username, password } = new URL(url.split(',')[0] ?? url);
  const nodes = url
    .slice('redis-cluster://'.length)
    .replace(/^[^@]*@/, '')
    .split(',')
    .map((node) => {
      const [host = '127.0.0.1', port = '6379'] = node.split(':');
      return { host, port: Number.parseInt(port, 10) };
    });
  const cluster = new Cluster(nodes, {
    redisOptions: {
      ...clientOptions(options),
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    },
    clusterRetryStrategy: reconnectDelay,
  });
  // Both clients have every command; the typings know no common class with the connection's own methods.
  splitPipelines(cluster);
  return cluster as unknown as Redis;
}

/** Whether keys of different hash tags may lie on different servers. */
export const isCluster = (client: Redis): boolean => client instanceof Cluster;

/** Every server that holds data: the one, or the masters of a cluster. */
export function mastersOf(client: Redis): Redis[] {
  return isCluster(client) ? (client as unknown as Cluster).nodes('master') : [client];
}

/** Makes a script known wherever a key may lie. */
export async function loadScript(client: Redis, text: string): Promise<void> {
  // A cluster knows its servers once it has answered.
  if (isCluster(client)) await client.ping();
  await Promise.all(mastersOf(client).map((server) => server.script('LOAD', text)));
}
