import { createHash } from 'node:crypto';
import type { JsonObject } from '@/server/core/json';
import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { digestOf, partNumbersOf } from '@/server/processors';
import { partField } from '@/server/scaling';
import { type KeyedState, readKeyedState } from './keyed-state.repository';

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
      const customers = Object.keys(state.states).length;
      partitions.push({ region: shard.region, partition, offset: state.offset, customers });
      if (customers > 0) whole.update(`${shard.region} ${partition} ${partitionDigest(state)}\n`);
    }
  }
  return { digest: whole.digest('hex'), partitions };
}

/** Keys in code-unit order, each with its length, so that no two states share a text. */
function partitionDigest({ states, parts, redirects }: KeyedState): string {
  const hash = createHash('sha256');
  for (const key of Object.keys(states).sort()) {
    const state = JSON.parse(states[key] ?? '{}') as JsonObject;
    const texts = partNumbersOf(state).map((number) => parts[partField(key, number)] ?? '[]');
    hash.update(`state ${key.length} ${key} ${digestOf(state, texts)}\n`);
  }
  for (const key of Object.keys(redirects).sort()) {
    hash.update(`redirect ${key.length} ${key} ${redirects[key]}\n`);
  }
  return hash.digest('hex');
}
