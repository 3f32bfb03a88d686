import type { ChainableCommander, Cluster } from 'ioredis';

type Reply = [error: Error | null, result: unknown];

interface Queued {
  command: string;
  args: unknown[];
}

/** Where the key of a command stands among its arguments; of scripts it follows their number of keys. */
const KEY_AT: Readonly<Record<string, number>> = { evalsha: 2, eval: 2, xinfo: 1, object: 1 };

/**
 * Lets the pipelines of a cluster client span slots: what goes to one node travels as one pipeline, and the replies come
 * back in the order asked. There is nothing atomic about a pipeline, so nothing is lost by splitting it.
 */
export function splitPipelines(cluster: Cluster): void {
  const one = cluster.pipeline.bind(cluster);
  const split = () => splitPipeline(cluster, one);
  cluster.pipeline = split as unknown as Cluster['pipeline'];
}

function splitPipeline(cluster: Cluster, one: () => ChainableCommander): ChainableCommander {
  const queued: Queued[] = [];
  const own: Record<string, unknown> = { exec: () => send(cluster, one, queued) };
  const chain: ChainableCommander = new Proxy(own, {
    get(_, name) {
      if (name === 'length') return queued.length;
      if (name === 'exec') return own.exec;
      return (...args: unknown[]) => {
        queued.push({ command: String(name), args });
        return chain;
      };
    },
  }) as unknown as ChainableCommander;
  return chain;
}

async function send(
  cluster: Cluster,
  one: () => ChainableCommander,
  queued: readonly Queued[],
): Promise<Reply[]> {
  const replies: Reply[] = new Array(queued.length);
  const byNode = Map.groupBy(queued.keys(), (index) => nodeOf(cluster, queued[index] as Queued));
  await Promise.all(
    [...byNode.values()].map(async (indexes) => {
      const pipeline = one();
      for (const index of indexes) {
        const { command, args } = queued[index] as Queued;
        (pipeline as unknown as Record<string, (...args: unknown[]) => unknown>)[command]?.(...args);
      }
      const answers = (await pipeline.exec()) ?? [];
      for (const [at, index] of indexes.entries()) {
        replies[index] = (answers[at] as Reply | undefined) ?? [new Error('No reply to a command.'), null];
      }
    }),
  );
  await followMoved(cluster, queued, replies);
  return replies;
}

/**
 * A server that came back is in nobody's table of slots: what is meant for it is answered `MOVED`, undone, by another.
 * Sent one by one such commands find their way, and the table is mended with them.
 */
async function followMoved(cluster: Cluster, queued: readonly Queued[], replies: Reply[]): Promise<void> {
  const moved = [...replies.keys()].filter((index) => replies[index]?.[0]?.message.startsWith('MOVED '));
  await Promise.all(
    moved.map(async (index) => {
      const { command, args } = queued[index] as Queued;
      const commands = cluster as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      replies[index] = await (commands[command]?.(...args) ?? Promise.resolve(null)).then(
        (result): Reply => [null, result],
        (error: Error): Reply => [error, null],
      );
    }),
  );
}

/** The servers of the command's slot, by name; the whole slot while they are not known. */
function nodeOf(cluster: Cluster, { command, args }: Queued): string {
  const key = args[KEY_AT[command] ?? 0];
  const slot = slotOf(String(key));
  return cluster.slots[slot]?.join(',') ?? `slot ${slot}`;
}

const SLOTS = 16_384;

/** Slot of a key: CRC16 (XMODEM) of its hash tag, by the specification of Redis Cluster. */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open === -1 ? -1 : key.indexOf('}', open + 1);
  const tag = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}
