import type { Deps } from '@/server/platform/deps';
import { liveWorkers } from './heartbeats';
import type { DetailedLag } from './lag.service';
import { type GroupWorkers, LagBoard } from './lag-board';
import type { LagBoardSnapshot, ShardRegion } from './lag-board.schema';
import { readRefusals } from './lag-gate.connector';
import type { Group } from './partition-keys';
import { readWorkerVitals } from './worker-vitals';

/** A lag that is not read by then is told as not known, ms. */
const READ_LIMIT_MS = 2_000;

type BoardDeps = Pick<Deps, 'queueRedis' | 'now' | 'newId'>;

/** What a board is made from beside the workers' own words. */
export interface LagBoardPorts {
  readLag(): Promise<{ at: number; regions: ShardRegion[]; readings: DetailedLag[] }>;
  /** a lag past this is a breach, s */
  limitSeconds(): number;
}

/** The lag board of a workspace, sampled while somebody looks. */
export function openLagBoard(
  deps: BoardDeps,
  ports: LagBoardPorts,
): { sample(): Promise<LagBoardSnapshot>; snapshot(): Promise<LagBoardSnapshot> } {
  const board = new LagBoard(deps.newId('board'));
  let latest: Promise<LagBoardSnapshot> | undefined;
  const sample = () => {
    latest = readBoard(deps, ports, board);
    return latest;
  };
  return { sample, snapshot: () => latest ?? sample() };
}

async function readBoard(deps: BoardDeps, ports: LagBoardPorts, board: LagBoard): Promise<LagBoardSnapshot> {
  const [lag, main, archive] = await Promise.allSettled([
    withLimit(readLag(deps, ports)),
    workersOf(deps, 'main'),
    workersOf(deps, 'archive'),
  ]);
  const workers = { main: loadsOf(main), archive: loadsOf(archive) };
  const limitSeconds = ports.limitSeconds();
  return lag.status === 'fulfilled'
    ? board.observe({ ...lag.value, workers, limitSeconds })
    : board.unread(workers, limitSeconds);
}

/** The lag, and what is refused because of it. */
async function readLag({ queueRedis, now }: BoardDeps, ports: LagBoardPorts) {
  const lag = await ports.readLag();
  const shards = [...new Set(lag.readings.map(({ shardId }) => shardId))];
  return { ...lag, refusals: await readRefusals(queueRedis, shards, now()).catch(() => null) };
}

/** Live workers of a group and the loads they told. */
export async function workersOf({ queueRedis, now }: Pick<Deps, 'queueRedis' | 'now'>, group: Group) {
  const names = (await liveWorkers(queueRedis, group, now())).map(({ worker }) => worker);
  return { names, loads: await readWorkerVitals(queueRedis, group, names) };
}

const NOBODY: GroupWorkers = { names: [], loads: new Map() };

function loadsOf(result: PromiseSettledResult<GroupWorkers>): GroupWorkers {
  return result.status === 'fulfilled' ? result.value : NOBODY;
}

function withLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The lag could not be read in time.')), READ_LIMIT_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
