import { LAG_CRITICAL_SECONDS } from '@/server/observability/lag-reading';
import type { Deps } from '@/server/platform/deps';
import { liveWorkers } from './heartbeats';
import type { DetailedLag } from './lag.service';
import { type GroupWorkers, LagBoard } from './lag-board';
import type { LagBoardSnapshot } from './lag-board.schema';
import type { Group } from './partition-keys';
import { readWorkerVitals } from './worker-vitals';

/** A lag that is not read by then is told as not known, ms. */
const READ_LIMIT_MS = 2_000;

type BoardDeps = Pick<Deps, 'queueRedis' | 'now' | 'newId'>;

/** The lag board of a workspace, sampled while somebody looks. */
export function openLagBoard(
  deps: BoardDeps,
  readLag: () => Promise<{ at: number; readings: DetailedLag[] }>,
): { sample(): Promise<{ at: number | null; data: LagBoardSnapshot }> } {
  const board = new LagBoard(deps.newId('board'));
  return {
    async sample() {
      const [lag, main, archive] = await Promise.allSettled([
        withLimit(readLag()),
        workersOf(deps, 'main'),
        workersOf(deps, 'archive'),
      ]);
      const workers = { main: loadsOf(main), archive: loadsOf(archive) };
      const limitSeconds = LAG_CRITICAL_SECONDS;
      const data =
        lag.status === 'fulfilled'
          ? board.observe({ ...lag.value, workers, limitSeconds })
          : board.unread(workers, limitSeconds);
      return { at: data.at, data };
    },
  };
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
