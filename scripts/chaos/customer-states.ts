import { Redis } from 'ioredis';
import { digestOf, partNumbersOf, readState } from '@/server/processors';
import { partField } from '@/server/scaling';
import type { OwnProduct } from '../own-product';

const SCAN_COUNT = 500;
/** Characters told on both sides of the first difference. */
const AROUND = 160;

/** What the digest is taken of, customer by customer: partition and customer → state in its canonical text. */
export async function customerStates(product: OwnProduct): Promise<Map<string, string>> {
  const [logUrl = ''] = product.redisUrls();
  const redis = new Redis(logUrl, { protocol: 2 });
  const states = new Map<string, string>();
  try {
    for await (const keys of redis.scanStream({ match: '{*}:state', count: SCAN_COUNT }) as AsyncIterable<
      string[]
    >) {
      for (const key of keys) await addStates(redis, key.slice(0, -':state'.length), states);
    }
    return states;
  } finally {
    redis.disconnect();
  }
}

async function addStates(redis: Redis, partition: string, states: Map<string, string>): Promise<void> {
  const parts = await redis.hgetall(`${partition}:parts`);
  for (const [customer, text] of Object.entries(await redis.hgetall(`${partition}:state`))) {
    const state = readState(text);
    const partTexts = partNumbersOf(state).map((part) => parts[partField(customer, part)] ?? '[]');
    states.set(`${partition} ${customer}`, digestOf(state, partTexts));
  }
}

/** Which customers' states differ between two runs, each with the place where they part. */
export function stateDifferences(
  run: ReadonlyMap<string, string>,
  clean: ReadonlyMap<string, string>,
): string[] {
  const differing: string[] = [];
  for (const customer of new Set([...run.keys(), ...clean.keys()])) {
    const [ours = '', theirs = ''] = [run.get(customer), clean.get(customer)];
    if (ours === theirs) continue;
    const at = [...ours].findIndex((character, index) => character !== theirs[index]);
    const around = (text: string) => text.slice(Math.max(0, at - AROUND), at + AROUND);
    differing.push(`${customer}: …${around(ours)}…, in the clean run …${around(theirs)}…`);
  }
  return differing;
}
