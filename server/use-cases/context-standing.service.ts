import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import type { LagReading } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { groupLagReader } from '@/server/scaling';
import { contextStanding } from './context-standing';
import type { ContextReading } from './context-standing.schema';
import { queueEntriesOf } from './queue-claim.repository';
import { readSla } from './sla.repository';

/** Every agent's screen asks: what was read is good for so long, ms. */
const KEPT_MS = 1_000;

interface Kept {
  at: number;
  reading: Promise<ContextReading>;
}

const keptOf = new WeakMap<Deps['db'], Map<string, Kept>>();

/**
 * How many open chats and calls run on context older than their service level allows, and which.
 * @throws when the log's Redis cannot be reached: nothing is then known
 */
export function readContextStanding(deps: Deps, workspaceId: string): Promise<ContextReading> {
  const ofDatabase = keptOf.get(deps.db) ?? new Map<string, Kept>();
  keptOf.set(deps.db, ofDatabase);
  const now = deps.now();
  const kept = ofDatabase.get(workspaceId);
  if (kept && now >= kept.at && now - kept.at < KEPT_MS) return kept.reading;
  const reading = read(deps, workspaceId);
  ofDatabase.set(workspaceId, { at: now, reading });
  reading.catch(() => ofDatabase.delete(workspaceId));
  return reading;
}

async function read(deps: Deps, workspaceId: string): Promise<ContextReading> {
  const [shards, sla] = await Promise.all([shardsOf(deps, workspaceId), readSla(deps, workspaceId)]);
  const lagOf = groupLagReader(deps, 'main');
  const found = await Promise.all(
    shards.map(async ({ shardId, partitions }) => {
      const [entries, readings] = await Promise.all([
        queueEntriesOf(deps.logRedis, { id: shardId, partitions }),
        lagOf({ shardId, partitions }),
      ]);
      const byPartition = new Map(readings.map((reading: LagReading) => [reading.partition, reading]));
      const lags = entries.map(({ customer }) => {
        const lagSeconds = byPartition.get(partitionOf(customer, partitions))?.lagSeconds ?? null;
        return [customer, lagSeconds] as const;
      });
      return { entries, lags };
    }),
  );
  const lags = new Map(found.flatMap((each) => each.lags));
  const entries = found.flatMap((each) => each.entries);
  return { at: deps.now(), ...contextStanding(entries, (customer) => lags.get(customer) ?? null, sla) };
}
