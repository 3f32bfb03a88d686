import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './ports';
import { type RedisOptions, type RedisServer, startRedis } from './redis-server';

const SLOTS = 16_384;
const FORM_LIMIT_MS = 30_000;

export interface RedisCluster {
  /** For `REDIS_URL`. */
  readonly url: string;
  readonly size: number;
  /** Ends a node without warning, as `kill -9` does, and starts it again on the same port and files. */
  restartNode(index: number): Promise<void>;
  /** Empties every node. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Masters without replicas on 127.0.0.1, the slots spread evenly. A node that ends takes its slots away until it is back. */
export async function startRedisCluster(
  program: string,
  folder: string,
  size = 3,
  durability: RedisOptions['durability'] = 'always',
): Promise<RedisCluster> {
  const options: RedisOptions[] = [];
  for (let index = 0; index < size; index += 1) {
    const dataDir = join(folder, `node-${index}`);
    const [port, clusterPort] = [await freePort(), await freePort()];
    options.push({ dataDir, port, clusterPort, durability, logFile: join(folder, `node-${index}.log`) });
  }
  const nodes = await Promise.all(options.map((one) => startRedis(program, one)));
  await form(nodes, options);
  return {
    url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    size,
    async restartNode(index) {
      await nodes[index]?.stop('SIGKILL');
      nodes[index] = await startRedis(program, options[index] as RedisOptions);
    },
    async flush() {
      await Promise.all(nodes.map((node) => ask(node, (client) => client.flushall())));
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    },
  };
}

async function form(nodes: readonly RedisServer[], options: readonly RedisOptions[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1;
    await ask(node, (client) => client.cluster('ADDSLOTSRANGE', index * share, last));
    // Epochs of their own, as when the nodes had been started one by one.
    await ask(node, (client) => client.cluster('SET-CONFIG-EPOCH', index + 1));
  }
  const [first, ...others] = nodes;
  for (const [index, node] of others.entries()) {
    const bus = options[index + 1]?.clusterPort ?? 0;
    if (first) await ask(first, (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', node.port, bus));
  }
  for (const deadline = Date.now() + FORM_LIMIT_MS; ; await pause(50)) {
    const states = await Promise.all(nodes.map((node) => ask(node, (client) => client.cluster('INFO'))));
    const isWhole = (state: string) =>
      state.includes('cluster_state:ok') && state.includes(`cluster_known_nodes:${nodes.length}`);
    if (states.every((state) => isWhole(String(state)))) return;
    if (Date.now() > deadline) throw new Error('The nodes did not form a cluster in time.');
  }
}

async function ask<T>({ url }: RedisServer, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, protocol: 2, maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await question(client);
  } finally {
    client.disconnect();
  }
}
