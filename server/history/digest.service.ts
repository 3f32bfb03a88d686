import { createHash } from 'node:crypto';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { digestOf, type EndOfKey, partNumbersOf, readState, targetsOf } from '@/server/processors';
import { partField } from '@/server/scaling';
import { endsOf, type KeyedState, readKeyedState } from './keyed-state.repository';

export interface WorkspaceDigest {
  /** SHA-256, hexadecimal */
  digest: string;
  partitions: { region: string; partition: number; offset: string; customers: number }[];
}

/**
 * A canonical hash over all keyed state of a workspace. Each partition is read as of one offset; equal sets of events
 * give equal digests, in whatever order and pieces they came.
 */
export async function workspaceDigest(deps: Deps, workspaceId: string): Promise<WorkspaceDigest> {
  const whole = createHash('sha256');
  const partitions: WorkspaceDigest['partitions'] = [];
  for (const shard of await shardsOf(deps, workspaceId)) {
    for (let partition = 0; partition < shard.partitions; partition += 1) {
      const state = await readKeyedState(deps, shard.shardId, partition);
      const keys = Object.keys(state.states);
      // Of a key that was moved away there is a state too, but no customer.
      const customers = keys.filter((key) => !Object.hasOwn(state.redirects, key)).length;
      partitions.push({ region: shard.region, partition, offset: state.offset, customers });
      if (keys.length === 0) continue;
      const ends = await endsOf(deps, shard, targetsIn(state));
      const digest = partitionDigest(state, (key) => ends.get(key) ?? key);
      whole.update(`${shard.region} ${partition} ${digest}\n`);
    }
  }
  return { digest: whole.digest('hex'), partitions };
}

function targetsIn({ states, redirects }: KeyedState): string[] {
  return Object.entries(redirects).flatMap(([key, to]) => [to, ...targetsOf(readState(states[key] ?? '{}'))]);
}

/**
 * Keys in code-unit order, each with its length, so that no two states share a text.
 * @param endOf see `digestOf`
 */
export function partitionDigest(
  { states, parts, redirects }: Pick<KeyedState, 'states' | 'parts' | 'redirects'>,
  endOf: EndOfKey = (key) => key,
): string {
  const hash = createHash('sha256');
  for (const key of Object.keys(states).sort()) {
    const state = readState(states[key] ?? '{}');
    const texts = partNumbersOf(state).map((number) => parts[partField(key, number)] ?? '[]');
    hash.update(`state ${key.length} ${key} ${digestOf(state, texts, endOf)}\n`);
  }
  for (const key of Object.keys(redirects).sort()) {
    hash.update(`redirect ${key.length} ${key} ${endOf(redirects[key] ?? '')}\n`);
  }
  return hash.digest('hex');
}
