import { type Move, type PartitionLoad, planMoves, type WorkerLoad } from './assignment';
import type { RebalancePreview } from './rebalance.schema';
import { skewIndex } from './skew';

/**
 * Who would hold what with another number of workers, on the load of a day: workers that go give their partitions to
 * those that carry least, new ones come empty, and then the planner that the workers themselves follow decides.
 * @param unheld partitions nobody holds now: they are spread like those of workers that go
 */
export function previewRebalance(
  holdings: readonly WorkerLoad[],
  unheld: readonly PartitionLoad[],
  workerCount: number,
): Pick<RebalancePreview, 'moves' | 'before' | 'after'> {
  const start = withWorkers(holdings, unheld, workerCount);
  const planned = planMoves(start);
  const after = moved(start, planned);
  return { moves: movesBetween(holdings, after), before: summaries(holdings), after: summaries(after) };
}

function withWorkers(
  holdings: readonly WorkerLoad[],
  unheld: readonly PartitionLoad[],
  count: number,
): WorkerLoad[] {
  const byName = [...holdings].sort((a, b) => (a.worker < b.worker ? -1 : 1));
  const staying = byName
    .slice(0, count)
    .map(({ worker, partitions }) => ({ worker, partitions: [...partitions] }));
  for (let i = staying.length; i < count; i += 1)
    staying.push({ worker: `new worker ${i + 1}`, partitions: [] });
  const left = [...byName.slice(count).flatMap(({ partitions }) => partitions), ...unheld];
  for (const partition of left.sort((a, b) => b.load - a.load || (a.name < b.name ? -1 : 1))) {
    leastLoaded(staying)?.partitions.push(partition);
  }
  return staying;
}

function leastLoaded<Holder extends WorkerLoad>(workers: readonly Holder[]): Holder | undefined {
  let least: Holder | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const worker of workers) {
    const load = loadOf(worker) + worker.partitions.length;
    if (load >= lowest) continue;
    lowest = load;
    least = worker;
  }
  return least;
}

const loadOf = ({ partitions }: WorkerLoad) => partitions.reduce((sum, { load }) => sum + load, 0);

function moved(workers: readonly WorkerLoad[], moves: readonly Move[]): WorkerLoad[] {
  const target = new Map(moves.map(({ name, to }) => [name, to]));
  const all = workers.flatMap(({ worker, partitions }) =>
    partitions.map((partition) => ({ partition, holder: target.get(partition.name) ?? worker })),
  );
  return workers.map(({ worker }) => ({
    worker,
    partitions: all.filter(({ holder }) => holder === worker).map(({ partition }) => partition),
  }));
}

function movesBetween(
  before: readonly WorkerLoad[],
  after: readonly WorkerLoad[],
): RebalancePreview['moves'] {
  const holders = new Map(
    before.flatMap(({ worker, partitions }) => partitions.map(({ name }) => [name, worker] as const)),
  );
  return after.flatMap(({ worker, partitions }) =>
    partitions.flatMap(({ name, load }) => {
      const from = holders.get(name) ?? null;
      return from === worker ? [] : [{ name, from, to: worker, perSecond: load }];
    }),
  );
}

function summaries(workers: readonly WorkerLoad[]): RebalancePreview['before'] {
  return {
    workers: workers.map((one) => ({
      worker: one.worker,
      partitions: one.partitions.length,
      perSecond: loadOf(one),
    })),
    skew: skewIndex(workers.map(loadOf)),
  };
}
