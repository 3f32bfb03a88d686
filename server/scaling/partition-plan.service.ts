import { Fault } from '@/server/core/fault';
import { maskedKey } from '@/server/core/masked-key';
import { noteCardRead } from '@/server/features';
import { may, type PersonActor, type ShardDescription, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import type { PartitionLoad, WorkerLoad } from './assignment';
import { sampleEvents } from './event-sample.repository';
import { type Heartbeat, liveWorkers } from './heartbeats';
import { hotKeysOf } from './hot-customers';
import { workersOf } from './lag-board.service';
import { partitionName } from './partition-keys';
import { type LoadOverTime, lastDaysLoad } from './partition-load.service';
import { previewRebalance } from './rebalance';
import type { RebalancePreview } from './rebalance.schema';
import { whatIf } from './what-if';
import type { WhatIf, WhatIfInput } from './what-if.schema';

const MOST_HOT = 20;

/** What another number of partitions, or another key, would do with a sample of the last day; null without events. */
export async function tryPartitioning(
  deps: Deps,
  workspaceId: string,
  input: WhatIfInput,
): Promise<WhatIf | null> {
  const [shard] = await shardsOf(deps, workspaceId);
  const { groups, events, from, to } = await sampleEvents(deps, workspaceId, input.key);
  if (!shard || from === null || to === null) return null;
  return { from, to, sampledEvents: events, ...whatIf(groups, shard.partitions, input) };
}

/** Who would hold what with another number of workers, on the load of the last day; null while none was noted. */
export async function tryWorkers(
  deps: Deps,
  workspaceId: string,
  workers: number,
): Promise<RebalancePreview | null> {
  const shards = await shardsOf(deps, workspaceId);
  const loads = await Promise.all(shards.map((shard) => lastDaysLoad(deps, shard)));
  const known = loads.filter((load) => load !== null);
  if (known.length === 0) return null;
  const partitions = new Map(shards.flatMap((shard, index) => loadsOf(shard, loads[index] ?? null)));
  const beats = await liveWorkers(deps.queueRedis, 'main', deps.now());
  if (beats.length === 0)
    throw new Fault('unavailable', 'No worker is alive: there is nothing to move from.');
  const { holdings, unheld } = heldNow(beats, partitions);
  return {
    from: Math.min(...known.map(({ from }) => from)),
    to: Math.max(...known.map(({ to }) => to)),
    ...previewRebalance(holdings, unheld, workers),
  };
}

/** Partitions of a shard that ever held an event, with the events a second of the time that is known. */
function loadsOf({ shardId }: ShardDescription, load: LoadOverTime | null): [string, PartitionLoad][] {
  if (!load) return [];
  const seconds = Math.max(1, (load.to - load.from) / 1_000);
  return load.events.map((events, partition) => {
    const name = partitionName(shardId, partition);
    return [name, { name, load: events / seconds }];
  });
}

function heldNow(beats: readonly Heartbeat[], partitions: ReadonlyMap<string, PartitionLoad>) {
  const held = new Set<string>();
  const holdings = beats.map(({ worker, partitions: names }): WorkerLoad => {
    const own = names.flatMap((name) => partitions.get(name) ?? []).filter(({ name }) => !held.has(name));
    for (const { name } of own) held.add(name);
    return { worker, partitions: own };
  });
  const unheld = [...partitions.values()].filter(({ name, load }) => !held.has(name) && load > 0);
  return { holdings, unheld };
}

export interface ListedHotCustomer {
  shardId: number;
  partition: number;
  /** as this person may see it; null: customers who opted out, or records that are nobody's */
  key: string | null;
  isMasked: boolean;
  share: number;
  perSecond: number;
}

/** Customers behind most of the load now. Who may read customers sees their keys, and that is on record. */
export async function hotCustomers(deps: Deps, person: PersonActor): Promise<ListedHotCustomer[]> {
  const [shards, { loads }] = await Promise.all([
    shardsOf(deps, person.workspaceId),
    workersOf(deps, 'main'),
  ]);
  const own = new Set(shards.map(({ shardId }) => shardId));
  const found = hotKeysOf(loads, own).slice(0, MOST_HOT);
  const isMasked = !may(person.role, 'customer.read');
  if (!isMasked) {
    for (const { key } of found) if (key !== '') await noteCardRead(deps, person, key);
  }
  return found.map(({ key, ...hot }) => ({
    ...hot,
    isMasked,
    key: key === '' ? null : isMasked ? maskedKey(key) : key,
  }));
}
