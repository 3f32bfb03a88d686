/** A partition as its holder measures it. */
export interface PartitionLoad {
  /** `<shard>.<partition>` */
  name: string;
  /** customer events a second, smoothed */
  load: number;
}

/** A worker and what it holds. */
export interface WorkerLoad {
  worker: string;
  partitions: readonly PartitionLoad[];
}

/** A partition that should change hands. */
export interface Move {
  name: string;
  from: string;
  to: string;
}

/** What holding a partition costs when nothing comes for it, in events a second: partitions at rest spread by number. */
const BASE_LOAD = 1;
/** A plan is worth its movement when it takes this part of an average partition off workers that carry too much. */
const WORTH = 0.5;
/** Part of a weight by which sums of it may be off, added up in whatever order. */
const ROUNDING = 1e-9;

interface Holding {
  worker: string;
  weight: number;
  /** by weight, then by name */
  partitions: { name: string; weight: number }[];
}

/**
 * Which partitions should move so that every worker carries its share of the load. Each step takes from the most loaded
 * worker that can give the partition which comes closest to half its distance from the least loaded one (greedy
 * multiway partitioning, as in local search for makespan scheduling). Nothing moves unless all moves together are
 * worth it, so that measured noise does not make partitions wander; a plan carried out is followed by an empty one.
 * Everybody who computes it from the same figures gets the same moves.
 */
export function planMoves(workers: readonly WorkerLoad[]): Move[] {
  const { before, after, fromOf } = levelled(workers);
  if (relief(before, after) < WORTH * averageWeight(workers)) return [];
  return after.flatMap(({ worker, partitions }) =>
    partitions.flatMap(({ name }) => {
      const from = fromOf.get(name);
      return from === undefined || from === worker ? [] : [{ name, from, to: worker }];
    }),
  );
}

/**
 * How many partitions each worker should hold, once a plan is carried out and those that wait for a holder are spread:
 * each goes to whoever then carries least.
 */
export function planCounts(
  workers: readonly WorkerLoad[],
  moves: readonly Move[],
  waiting: number,
): Map<string, number> {
  const each = averageWeight(workers);
  const weights = new Map(workers.map(({ worker, partitions }) => [worker, weightOf(partitions)]));
  const counts = new Map(workers.map(({ worker, partitions }) => [worker, partitions.length]));
  const add = (worker: string, count: number, weight: number) => {
    counts.set(worker, (counts.get(worker) ?? 0) + count);
    weights.set(worker, (weights.get(worker) ?? 0) + weight);
  };
  const moved = new Map(
    workers.flatMap(({ partitions }) => partitions.map((one) => [one.name, one] as const)),
  );
  for (const { name, from, to } of moves) {
    const weight = BASE_LOAD + (moved.get(name)?.load ?? 0);
    add(from, -1, -weight);
    add(to, 1, weight);
  }
  for (let left = waiting; left > 0 && weights.size > 0; left -= 1) {
    let [least = '', lowest = Number.POSITIVE_INFINITY] = [];
    for (const [worker, weight] of weights) if (weight < lowest) [least, lowest] = [worker, weight];
    add(least, 1, each);
  }
  return counts;
}

function levelled(workers: readonly WorkerLoad[]) {
  const before = workers.map(({ partitions }) => weightOf(partitions));
  const fromOf = new Map<string, string>();
  const after = workers.map(({ worker, partitions }): Holding => {
    for (const { name } of partitions) fromOf.set(name, worker);
    const weighed = partitions.map(({ name, load }) => ({ name, weight: BASE_LOAD + load }));
    weighed.sort((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : 1));
    return { worker, weight: weightOf(partitions), partitions: weighed };
  });
  // The sum of squares falls with every step; the bound is for figures so close that rounding hides it.
  for (let steps = 4 * fromOf.size; steps > 0 && step(after); steps -= 1);
  return { before, after, fromOf };
}

/** One partition from a loaded worker to the least loaded. @returns false when none can be moved for the better */
function step(holdings: readonly Holding[]): boolean {
  const order = [...holdings].sort((a, b) => b.weight - a.weight || (a.worker < b.worker ? -1 : 1));
  const least = order.at(-1);
  if (!least) return false;
  for (const giver of order) {
    const distance = giver.weight - least.weight;
    const at = closest(giver.partitions, distance / 2);
    const found = giver.partitions[at];
    if (!found || found.weight >= distance * (1 - ROUNDING)) continue;
    giver.partitions.splice(at, 1);
    giver.weight -= found.weight;
    least.partitions.splice(lowerBound(least.partitions, found.weight), 0, found);
    least.weight += found.weight;
    return true;
  }
  return false;
}

/** Index of the weight closest to the one wanted. */
function closest(partitions: Holding['partitions'], wanted: number): number {
  const above = lowerBound(partitions, wanted);
  const [low, high] = [partitions[above - 1], partitions[above]];
  if (!low) return above;
  return !high || wanted - low.weight <= high.weight - wanted ? above - 1 : above;
}

/** Index of the first partition that weighs at least so much. */
function lowerBound(partitions: Holding['partitions'], weight: number): number {
  let low = 0;
  let high = partitions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((partitions[middle]?.weight ?? 0) < weight) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How much less the loaded carry, whoever they are: two workers that change places are no relief. */
function relief(before: readonly number[], after: readonly Holding[]): number {
  const was = descending(before);
  const becomes = descending(after.map(({ weight }) => weight));
  return becomes.reduce((sum, weight, rank) => sum + Math.max(0, (was[rank] ?? 0) - weight), 0);
}

const descending = (weights: readonly number[]) => weights.toSorted((a, b) => b - a);

function weightOf(partitions: readonly PartitionLoad[]): number {
  return partitions.reduce((sum, { load }) => sum + BASE_LOAD + load, 0);
}

function averageWeight(workers: readonly WorkerLoad[]): number {
  const count = workers.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const weight = workers.reduce((sum, { partitions }) => sum + weightOf(partitions), 0);
  return count === 0 ? BASE_LOAD : weight / count;
}
