import { maskedKey } from '@/server/core/masked-key';
import { worstLag } from '@/server/observability';
import { HotCustomers } from './hot-customers';
import type { DetailedLag } from './lag.service';
import type {
  LagBoardCause,
  LagBoardGroup,
  LagBoardRow,
  LagBoardSnapshot,
  ShardRegion,
} from './lag-board.schema';
import { type HotKey, type LagCause, type LagEvidence, lagCauseOf } from './lag-cause';
import { groupReading, LagCourse, outlook } from './lag-course';
import type { LagRefusals } from './lag-refusals.schema';
import { GROUPS, type Group, partitionName } from './partition-keys';
import { skewIndex } from './skew';
import type { WorkerVitals } from './worker-vitals';

/** A lag of less needs no explanation, s. */
const JUDGED_SECONDS = 1;
const TOLD_HOT = 20;

/** Live workers of a group and what they tell of themselves. */
export interface GroupWorkers {
  names: readonly string[];
  loads: ReadonlyMap<string, WorkerVitals>;
}

export interface LagInputs {
  /** ms: when the lag was read */
  at: number;
  readings: readonly DetailedLag[];
  workers: Readonly<Record<Group, GroupWorkers>>;
  regions: readonly ShardRegion[];
  limitSeconds: number;
  refusals: LagRefusals | null;
}

/** What causes are looked for in, as of one moment. */
interface Moment extends LagInputs {
  byId: ReadonlyMap<string, DetailedLag>;
  /** by worker */
  hotKeys: ReadonlyMap<string, HotKey | null>;
}

interface Known {
  cause: LagCause;
  since: number;
  isPast: boolean;
}

/** Makes the lag board from a reading a second: rates, trends, outlook, and causes by evidence. Reads nothing itself. */
export class LagBoard {
  readonly #partitions = new Map<string, LagCourse>();
  readonly #groups = new Map<Group, LagCourse>();
  readonly #known = new Map<string, Known>();
  readonly #hot: HotCustomers;

  /** @param salt tells customers apart in this board only */
  constructor(salt: string) {
    this.#hot = new HotCustomers(salt);
  }

  observe(inputs: LagInputs): LagBoardSnapshot {
    const rows = inputs.readings.map((reading) => this.#row(inputs, reading));
    const groups = GROUPS.map((group) => this.#group(inputs, group, rows));
    const main = rows.filter(({ group }) => group === 'main');
    return {
      at: inputs.at,
      problem: null,
      limitSeconds: inputs.limitSeconds,
      refusals: inputs.refusals,
      regions: [...inputs.regions],
      groups,
      rows,
      causes: this.#causes(inputs, rows),
      hot: this.#hot.of(inputs.workers.main.loads, shardsOf(rows)).slice(0, TOLD_HOT),
      skew: {
        partitions: skewIndex(main.map(({ arriving }) => arriving ?? 0)),
        workers: skewIndex(inputs.workers.main.names.map((worker) => workerRate(main, worker))),
      },
    };
  }

  /** The lag cannot be read: what workers say of themselves is all that is known. */
  unread(workers: LagInputs['workers'], limitSeconds: number): LagBoardSnapshot {
    const waiting = Math.max(0, ...[...workers.main.loads.values()].map(({ waitingMs }) => waitingMs));
    const problem =
      waiting > 0
        ? `The log’s Redis does not answer; workers have waited for it for ${Math.round(waiting / 1_000)} s.`
        : 'The log’s Redis does not answer.';
    const skew = { partitions: null, workers: null };
    const empty = { regions: [], groups: [], rows: [], causes: [], hot: [], skew };
    return { at: null, problem, limitSeconds, refusals: null, ...empty };
  }

  #row({ at, limitSeconds }: LagInputs, reading: DetailedLag): LagBoardRow {
    const { shardId, partition, group, lagSeconds, backlog, owner, appended, processed } = reading;
    const course = courseOf(this.#partitions, idOf(reading), LagCourse.ofPartition);
    course.add({ at, appended, processed, lagSeconds });
    const rates = course.rates();
    const ahead = outlook(reading, rates, limitSeconds);
    return { shardId, partition, group, lagSeconds, backlog, owner, ...rates, ...ahead };
  }

  #group({ at, readings, workers, limitSeconds }: LagInputs, group: Group, rows: readonly LagBoardRow[]) {
    const own = readings.filter((reading) => reading.group === group);
    const course = courseOf(this.#groups, group, LagCourse.ofGroup);
    const reading = groupReading(at, own);
    course.add(reading);
    const rates = course.rates();
    const ofGroup = rows.filter((row) => row.group === group);
    const backlog = ofGroup.reduce((sum, row) => sum + row.backlog, 0);
    const lag = { lagSeconds: reading.lagSeconds, backlog };
    return {
      group,
      ...lag,
      ...rates,
      ...outlook(lag, rates, limitSeconds),
      reason: worstLag(own, group).reason,
      workers: workers[group].names.length,
      usuallyArriving: course.usuallyArriving(),
      course: course.lags(),
    } satisfies LagBoardGroup;
  }

  #causes(inputs: LagInputs, rows: readonly LagBoardRow[]): LagBoardCause[] {
    const found = new Map<string, LagBoardCause>();
    const moment: Moment = {
      ...inputs,
      byId: new Map(inputs.readings.map((reading) => [idOf(reading), reading])),
      hotKeys: hotKeysByWorker(inputs.workers.main.loads, rows),
    };
    const behind = rows
      .filter(({ lagSeconds }) => (lagSeconds ?? 0) >= JUDGED_SECONDS)
      .sort((a, b) => (b.lagSeconds ?? 0) - (a.lagSeconds ?? 0));
    const stillBehind = new Set(behind.map(idOf));
    for (const id of this.#known.keys()) if (!stillBehind.has(id)) this.#known.delete(id);
    for (const row of behind) {
      const reading = moment.byId.get(idOf(row));
      if (!reading) continue;
      const { cause, since, isPast } = this.#judge(moment, reading);
      const key = `${row.group} ${cause.kind} ${cause.words} ${isPast}`;
      const name = partitionName(row.shardId, row.partition);
      const before = found.get(key);
      if (before) {
        before.partitions.push(name);
        before.since = Math.min(before.since, since);
      } else {
        const worstSeconds = row.lagSeconds ?? 0;
        found.set(key, { group: row.group, cause, partitions: [name], worstSeconds, since, isPast });
      }
    }
    // Who only waits for others comes after those who are waited for.
    const waits = ({ cause }: LagBoardCause) => Number(cause.kind === 'upstream');
    return [...found.values()].sort((a, b) => waits(a) - waits(b));
  }

  /** What stands out no longer, but has left the backlog behind, is still told, as past. */
  #judge(moment: Moment, reading: DetailedLag): Known {
    const id = idOf(reading);
    const cause = lagCauseOf(this.#evidence(moment, reading));
    const before = this.#known.get(id);
    const isPast = cause.kind === 'unclear' && before !== undefined && before.cause.kind !== 'unclear';
    const known: Known = isPast
      ? { ...before, isPast }
      : { cause, since: before?.cause.kind === cause.kind ? before.since : moment.at, isPast };
    this.#known.set(id, known);
    return known;
  }

  #evidence({ workers, byId, hotKeys }: Moment, reading: DetailedLag): LagEvidence {
    const { group, shardId, partition, owner, ownerSilentMs, backlog, processed } = reading;
    const { names, loads } = workers[group];
    const load = owner === null ? null : (loads.get(owner) ?? null);
    const course = this.#groups.get(group);
    const before = group === 'archive' ? byId.get(idOf({ ...reading, group: 'main' })) : undefined;
    return {
      group,
      name: partitionName(shardId, partition),
      backlog,
      ownerSilentMs,
      workers: names.length,
      load,
      hotKey: group === 'main' && owner !== null ? (hotKeys.get(owner) ?? null) : null,
      arriving: course?.peakArriving() ?? null,
      processed: course?.rates().processed ?? null,
      usuallyArriving: course?.usuallyArriving() ?? null,
      caughtUpWithUpstream:
        before !== undefined && processed >= before.processed && (before.lagSeconds ?? 0) >= JUDGED_SECONDS,
    };
  }
}

const idOf = ({ group, shardId, partition }: { group: Group; shardId: number; partition: number }) =>
  `${group} ${partitionName(shardId, partition)}`;

function courseOf<Key>(courses: Map<Key, LagCourse>, key: Key, make: () => LagCourse): LagCourse {
  const course = courses.get(key) ?? make();
  courses.set(key, course);
  return course;
}

const shardsOf = (rows: readonly LagBoardRow[]) => new Set(rows.map(({ shardId }) => shardId));

function workerRate(rows: readonly LagBoardRow[], worker: string): number {
  return rows.reduce((sum, { owner, arriving }) => sum + (owner === worker ? (arriving ?? 0) : 0), 0);
}

function hotKeysByWorker(
  loads: ReadonlyMap<string, WorkerVitals>,
  rows: readonly LagBoardRow[],
): Map<string, HotKey | null> {
  return new Map([...loads].map(([worker, load]) => [worker, hotKeyOf(load, worker, rows)]));
}

const ELSEWHERE = { key: null, partition: null };

/**
 * The customer who makes most of what comes to a worker: the rate at which events come to a partition, times the share a
 * customer has of what was read of it. While nothing comes, the rate at which they are worked off. Workers are shared with
 * other workspaces, of whose customers nothing is told.
 */
function hotKeyOf(load: WorkerVitals, owner: string, rows: readonly LagBoardRow[]): HotKey | null {
  const arriving = new Map(
    rows
      .filter((row) => row.owner === owner && row.group === 'main')
      .map((row) => [partitionName(row.shardId, row.partition), row.arriving ?? 0]),
  );
  const comes = [...arriving.values()].reduce((sum, rate) => sum + rate, 0) > 1;
  const rateOf = (name: string) =>
    (comes ? arriving.get(name) : undefined) ?? load.partitions[name]?.perSecond ?? 0;
  let total = 0;
  let hottest: HotKey | null = null;
  for (const [partition, { hot }] of Object.entries(load.partitions)) {
    const rate = rateOf(partition);
    total += rate;
    const [key, share] = hot[0] ?? ['', 0];
    const perSecond = rate * share;
    if (key === '' || perSecond <= (hottest?.perSecond ?? 0)) continue;
    const isOwn = arriving.has(partition);
    hottest = { ...(isOwn ? { key: maskedKey(key), partition } : ELSEWHERE), perSecond, shareOfWorker: 0 };
  }
  return hottest && { ...hottest, shareOfWorker: hottest.perSecond / total };
}
