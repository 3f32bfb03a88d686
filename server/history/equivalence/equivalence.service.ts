import { buildName } from '@/server/core/build';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { liveWorkers, partitionName, readModules, readWorkerVitals } from '@/server/scaling';
import { snapshotKeeping } from '../snapshots/snapshot-settings.connector';
import { ShardComparison, type ShardComparisonOptions } from './compare-partition.service';
import { type Drawn, drawSample } from './draw-sample';
import { keepReport } from './equivalence.repository';
import { type ComparedPartition, type EquivalenceReport, verdictOver } from './equivalence.schema';
import { processedByPartition } from './processed.repository';

export interface EquivalenceOptions extends Partial<ShardComparisonOptions> {
  /** of each workspace */
  partitions: number;
  seed: number;
  /** absent: every workspace, up to a bound */
  workspaceId?: string;
  madeBy: string;
  /** the build that this process runs */
  toVersion: string;
  /** told of every partition and of every workspace */
  say(line: string): void;
}

/** Workspaces that one run compares: the first made come first. */
const MOST_WORKSPACES = 50;

interface Candidate {
  shardId: number;
  partition: number;
  events: number;
  shard: ShardDescription;
}

/**
 * Judges whether this build makes of the log what the running build made of it: a sample of partitions is rebuilt in memory
 * from snapshots and history, and compared with the live state at the same entry. Nothing live is written; the report is kept.
 */
export async function reportEquivalence(
  deps: Deps,
  options: EquivalenceOptions,
): Promise<EquivalenceReport[]> {
  const all = await listShards(deps);
  const wanted = all.filter(
    ({ workspaceId }) => options.workspaceId === undefined || workspaceId === options.workspaceId,
  );
  const byWorkspace = [...Map.groupBy(wanted, ({ workspaceId }) => workspaceId)];
  const reports: EquivalenceReport[] = [];
  for (const [workspaceId, shards] of byWorkspace.slice(0, MOST_WORKSPACES)) {
    const report = await reportOf(deps, shards, options);
    options.say(`${workspaceId}: ${report.verdict}`);
    // A product from before there were reports has nowhere to keep one: what was found is said all the same.
    await keepReport(deps, workspaceId, report).catch((error: unknown) =>
      options.say(`The report could not be kept: ${error instanceof Error ? error.message : String(error)}`),
    );
    reports.push(report);
  }
  if (byWorkspace.length > MOST_WORKSPACES)
    options.say(`${byWorkspace.length - MOST_WORKSPACES} more workspaces were not looked at; name one.`);
  return reports;
}

async function reportOf(
  deps: Deps,
  shards: readonly ShardDescription[],
  options: EquivalenceOptions,
): Promise<EquivalenceReport> {
  const { seed, madeBy, toVersion, say } = options;
  const candidates = await Promise.all(
    shards.map(async (shard): Promise<Candidate[]> => {
      const processed = await processedByPartition(deps, shard.shardId);
      return processed.map((one) => ({ ...one, shard }));
    }),
  );
  const keeping = options.keeping ?? snapshotKeeping();
  const fromVersions = await runningBuilds(deps);
  const paces = await runningPaces(deps);
  const partitions: ComparedPartition[] = [];
  const sample = drawSample(candidates.flat(), options.partitions, seed);
  for (const [shard, drawn] of Map.groupBy(sample, (one) => one.shard)) {
    const comparison = await ShardComparison.open(deps, shard, { ...options, keeping });
    for (const one of drawn) {
      const compared = await compareOne(comparison, one, paces);
      partitions.push(compared);
      say(lineOf(compared));
    }
  }
  return {
    id: deps.newId('equivalence'),
    madeAt: deps.now(),
    madeBy,
    fromVersions,
    toVersion,
    verdict: verdictOver(partitions),
    seed,
    partitions,
  };
}

async function compareOne(
  comparison: ShardComparison,
  { shard, partition, drawn }: Drawn<Candidate>,
  paces: ReadonlyMap<string, number>,
): Promise<ComparedPartition> {
  const { shardId, region } = shard;
  const runningMsPerRecord = paces.get(partitionName(shardId, partition)) ?? null;
  return { shardId, region, partition, drawn, runningMsPerRecord, ...(await comparison.compare(partition)) };
}

/** Builds that process now, as they told. */
async function runningBuilds({ queueRedis, now }: Deps): Promise<string[]> {
  const { main } = await readModules(queueRedis, now());
  return [...new Set(main.instances.map(({ version, build }) => buildName({ version, id: build })))].sort();
}

/** Handler time of a record in the last seconds by partition, ms, of those that had something to do. */
async function runningPaces({ queueRedis, now }: Deps): Promise<Map<string, number>> {
  const workers = await liveWorkers(queueRedis, 'main', now());
  const vitals = await readWorkerVitals(
    queueRedis,
    'main',
    workers.map(({ worker }) => worker),
  );
  const paces = new Map<string, number>();
  for (const { partitions } of vitals.values())
    for (const [name, { handlerMs, perSecond }] of Object.entries(partitions))
      if (perSecond > 0) paces.set(name, handlerMs / perSecond);
  return paces;
}

function lineOf({ shardId, partition, verdict, reason, states, records }: ComparedPartition): string {
  const customers = states
    ? `, ${states.equal} of ${states.customers} customers equal (${states.recomputed} recomputed)`
    : '';
  const parts = Object.entries(states?.parts ?? {}).map(([part, count]) => `${part} ${count}`);
  const differing = parts.length > 0 ? ` (differing: ${parts.join(', ')})` : '';
  const why = reason === null ? '' : ` – ${reason}`;
  return `  ${partitionName(shardId, partition)}: ${verdict}${customers}${differing}, ${records} records replayed${why}`;
}
