import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import { shardsOf } from '@/server/identity';
import { greatestSamples } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { oldestHistoryDay } from './choice.repository';
import type { AssumptionKey } from './choice-terms.schema';
import { stateMemoryBytes } from './state-memory.connector';

/** Long enough to hold a burst, short enough that a flag clears while somebody still looks. */
const WINDOW_MS = 5 * MINUTE_MS;
const BYTES_PER_GB = 1e9;

type MeasureDeps = Pick<Deps, 'db' | 'logRedis' | 'now'>;

/** What the system itself measures of each assumption; null where it could not. */
export async function measureAssumptions(
  deps: MeasureDeps,
  workspaceId: string,
): Promise<Record<AssumptionKey, number | null>> {
  const to = deps.now();
  const [greatest, stateGb, retentionDays] = await Promise.all([
    greatestSamples(deps, workspaceId, ['eventsPerSecond', 'lagSeconds'], to - WINDOW_MS, to + 1),
    stateSizeGb(deps, workspaceId).catch(() => null),
    historyAgeDays(deps, workspaceId),
  ]);
  return {
    peakEventsPerSecond: greatest.get('eventsPerSecond') ?? null,
    freshnessSeconds: greatest.get('lagSeconds') ?? null,
    stateGb,
    retentionDays,
  };
}

async function stateSizeGb(deps: MeasureDeps, workspaceId: string): Promise<number> {
  const shards = await shardsOf(deps, workspaceId);
  const sizes = await Promise.all(shards.map(({ shardId }) => stateMemoryBytes(deps, shardId)));
  return sizes.reduce((sum, bytes) => sum + bytes, 0) / BYTES_PER_GB;
}

async function historyAgeDays(deps: MeasureDeps, workspaceId: string): Promise<number | null> {
  const oldest = await oldestHistoryDay(deps, workspaceId);
  return oldest === null ? null : (deps.now() - oldest.getTime()) / DAY_MS;
}
