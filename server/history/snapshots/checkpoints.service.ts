import { HOUR_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import { offsetKey } from '@/server/event-log';
import { type PersonActor, type ShardDescription, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import { insertDrill, listDrills } from '../recovery/drill.repository';
import { tellDrillAsked } from '../recovery/drill-turn.repository';
import { activePartitions } from '../state/partition-list.repository';
import {
  type CheckpointEstimate,
  type CheckpointMeasures,
  measuredSpan,
  tradeOff,
} from './checkpoint-estimate';
import { type LastSnapshot, lastSnapshots } from './snapshot-memory.repository';
import { newestSnapshots, type SnapshotFigures, snapshotFigures } from './snapshot-rows.repository';
import { snapshotKeeping } from './snapshot-settings.connector';
import { changePolicy, policyIn, readStatePolicy } from './state-policy.repository';

const DRILLS = 50;

export interface PartitionCheckpoint {
  shardId: number;
  region: string;
  partition: number;
  /** ms; null: none was taken yet */
  takenAt: number | null;
  /** ms: taken, or seen to have no news since */
  checkedAt: number | null;
  offset: string | null;
  customers: number | null;
  rawBytes: number | null;
  storedBytes: number | null;
  readMs: number | null;
  totalMs: number | null;
}

export interface Drill {
  id: string;
  partition: number;
  shardId: number;
  askedAt: number;
  finishedAt: number | null;
  snapshotAt: number | null;
  records: number;
  loadMs: number | null;
  replayMs: number | null;
  result: string;
  detail: string;
}

interface MeasuredSnapshots extends Omit<SnapshotFigures, 'firstAt'> {
  /** time they are spread over, ms */
  spanMs: number;
  /** part of one core that they cost */
  overhead: number;
}

export interface CheckpointOverview {
  at: number;
  store: 'folder' | 's3';
  keep: number;
  intervalMs: number;
  defaultIntervalMs: number;
  partitions: PartitionCheckpoint[];
  /** of the last hour, or of the part of it that snapshots were taken in; null: none was */
  lastHour: MeasuredSnapshots | null;
  drills: Drill[];
  /** null: something was not measured yet, and what */
  curve: CheckpointEstimate[] | null;
  unmeasured: string | null;
}

/** Everything the checkpoints page shows: what was taken, what it cost, what restoring took, and other intervals. */
export async function checkpointOverview(deps: Deps, workspaceId: string): Promise<CheckpointOverview> {
  const keeping = snapshotKeeping();
  const at = deps.now();
  const [shards, policy, rows, figures, drills] = await Promise.all([
    shardsOf(deps, workspaceId),
    readStatePolicy(deps, workspaceId),
    newestSnapshots(deps, workspaceId),
    snapshotFigures(deps, workspaceId, new Date(at - HOUR_MS)),
    listDrills(deps, workspaceId, DRILLS),
  ]);
  const taken = new Map(rows.map((row) => [`${row.shardId}.${row.partition}`, row]));
  const partitions: PartitionCheckpoint[] = [];
  let eventsPerSecond = 0;
  for (const shard of shards) {
    const last = await lastSnapshots(deps, shard.shardId);
    eventsPerSecond += await rateSince(deps, shard, last);
    for (const partition of await activePartitions(deps, shard.shardId))
      partitions.push(
        checkpointOf(shard, partition, last.get(partition), taken.get(`${shard.shardId}.${partition}`)),
      );
  }
  const shown = drills.map(drillOf);
  const intervalMs = policy.snapshotIntervalMs ?? keeping.intervalMs;
  const measured = measuresOf(partitions.length, figures, shown, eventsPerSecond);
  return {
    at,
    store: keeping.store.kind,
    keep: keeping.keep,
    intervalMs,
    defaultIntervalMs: keeping.intervalMs,
    partitions,
    lastHour: measuredAt(figures, at, intervalMs),
    drills: shown,
    curve: typeof measured === 'string' ? null : tradeOff(measured),
    unmeasured: typeof measured === 'string' ? measured : null,
  };
}

function measuredAt(
  { firstAt, ...figures }: SnapshotFigures,
  at: number,
  intervalMs: number,
): MeasuredSnapshots | null {
  if (firstAt === null) return null;
  const spanMs = measuredSpan(at - firstAt.getTime(), intervalMs);
  return { ...figures, spanMs, overhead: figures.totalMs / spanMs };
}

function checkpointOf(
  { shardId, region }: ShardDescription,
  partition: number,
  last: LastSnapshot | undefined,
  row: Awaited<ReturnType<typeof newestSnapshots>>[number] | undefined,
): PartitionCheckpoint {
  return {
    shardId,
    region,
    partition,
    takenAt: row?.takenAt.getTime() ?? null,
    checkedAt: last?.checkedAt ?? null,
    offset: row?.offset ?? null,
    customers: row?.customers ?? null,
    rawBytes: row?.rawBytes ?? null,
    storedBytes: row?.storedBytes ?? null,
    readMs: row?.readMs ?? null,
    totalMs: row?.totalMs ?? null,
  };
}

function drillOf(row: Awaited<ReturnType<typeof listDrills>>[number]): Drill {
  const { id, partition, shardId, records, loadMs, replayMs, result, detail } = row;
  return {
    id,
    partition,
    shardId,
    records,
    loadMs,
    replayMs,
    result,
    detail,
    askedAt: row.askedAt.getTime(),
    finishedAt: row.finishedAt?.getTime() ?? null,
    snapshotAt: row.snapshotAt?.getTime() ?? null,
  };
}

/** Customer events processed per second since the partitions' last snapshots. */
async function rateSince(
  deps: Deps,
  { shardId }: ShardDescription,
  last: ReadonlyMap<number, LastSnapshot>,
): Promise<number> {
  const pipeline = deps.logRedis.pipeline();
  for (const partition of last.keys()) pipeline.hget(offsetKey(shardId, partition, 'main'), 'n');
  const replies = (await pipeline.exec()) ?? [];
  const now = deps.now();
  return [...last.values()].reduce((sum, { events, takenAt }, index) => {
    const seconds = Math.max(1, (now - takenAt) / 1_000);
    return sum + Math.max(0, Number(replies[index]?.[1] ?? events) - events) / seconds;
  }, 0);
}

/** Fewer records than this say little of how fast a replay is. */
const TELLING_RECORDS = 200;
/** Until a drill replayed enough to tell: a careful figure, far below what processors do. */
const CAREFUL_PER_SECOND = 10_000;

/** What the curve is drawn from, or what is missing for it. */
function measuresOf(
  partitions: number,
  figures: SnapshotFigures,
  drills: readonly Drill[],
  eventsPerSecond: number,
): CheckpointMeasures | string {
  if (figures.count === 0) return 'no snapshot was taken in the last hour';
  const done = drills.filter(({ result, loadMs }) => result === 'equal' && loadMs !== null);
  if (done.length === 0) return 'no restore drill has succeeded yet';
  const telling = done.filter(({ records }) => records >= TELLING_RECORDS);
  const replayMs = telling.reduce((sum, drill) => sum + (drill.replayMs ?? 0), 0);
  const records = telling.reduce((sum, drill) => sum + drill.records, 0);
  return {
    partitions,
    totalMs: figures.totalMs / figures.count,
    readMs: figures.readMs / figures.count,
    eventsPerSecond,
    loadMs: done.reduce((sum, drill) => sum + (drill.loadMs ?? 0), 0) / done.length,
    replayPerSecond: replayMs > 0 ? (records * 1_000) / replayMs : CAREFUL_PER_SECOND,
  };
}

/** Changes how often partitions are taken. Audited with what it was before. */
export async function changeInterval(deps: Deps, actor: PersonActor, intervalMs: number): Promise<void> {
  const { workspaceId, userId } = actor;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = (await policyIn(tx, workspaceId)).snapshotIntervalMs;
    await changePolicy(tx, workspaceId, { snapshotIntervalMs: intervalMs });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'snapshotInterval.changed',
      subject: workspaceId,
      details: { before, after: intervalMs },
    });
  });
}

/** Asks for a restore drill of one partition; the jobs process carries it out within seconds. @returns its id */
export async function askDrill(
  deps: Deps,
  actor: PersonActor,
  place: { shardId: number; partition: number },
): Promise<string> {
  const { workspaceId, userId } = actor;
  const shard = (await shardsOf(deps, workspaceId)).find(({ shardId }) => shardId === place.shardId);
  if (shard === undefined || place.partition >= shard.partitions)
    throw new Fault('not_found', 'There is no such partition.');
  const id = deps.newId('drill');
  await insertDrill(deps, workspaceId, { id, ...place, askedAt: new Date(deps.now()), askedById: userId });
  await tellDrillAsked(deps, workspaceId);
  return id;
}
