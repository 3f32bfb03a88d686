import { maskedKey } from '@/server/core/masked-key';
import { hash32 } from '@/server/core/partition';
import type { HotCustomer } from './lag-board.schema';
import { parsePartitionName } from './partition-keys';
import type { WorkerVitals } from './worker-vitals';

const TAG_CHARACTERS = 4;

/** Customers who make much of a partition's load, as those may see them who may not read their keys. */
export class HotCustomers {
  constructor(private readonly salt: string) {}

  /** The busiest first. */
  of(loads: ReadonlyMap<string, WorkerVitals>, shardIds: ReadonlySet<number>): HotCustomer[] {
    return hotKeysOf(loads, shardIds).map(({ key, ...hot }) => ({
      ...hot,
      key: key === '' ? null : maskedKey(key),
      tag: this.#tag(key),
    }));
  }

  #tag(key: string): string {
    return hash32(`${this.salt}\n${key}`).toString(36).slice(-TAG_CHARACTERS);
  }
}

export interface HotKeyLoad {
  shardId: number;
  partition: number;
  /** as it is; '': nobody's, or of somebody who opted out */
  key: string;
  share: number;
  perSecond: number;
}

/** The same unmasked, for those who may read keys. Workers are shared: only these shards are the workspace's own. */
export function hotKeysOf(
  loads: ReadonlyMap<string, WorkerVitals>,
  shardIds: ReadonlySet<number>,
): HotKeyLoad[] {
  const found: HotKeyLoad[] = [];
  for (const { partitions } of loads.values()) {
    for (const [name, { perSecond, hot }] of Object.entries(partitions)) {
      const place = parsePartitionName(name);
      if (!place || !shardIds.has(place.shardId)) continue;
      for (const [key, share] of hot) found.push({ ...place, key, share, perSecond: perSecond * share });
    }
  }
  return found.sort((a, b) => b.perSecond - a.perSecond);
}
