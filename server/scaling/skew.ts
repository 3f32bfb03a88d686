/**
 * Skew index of a set of loads: the largest ÷ the mean (the load imbalance factor of parallel computing). 1 means that all
 * carry the same, n that one of n carries everything; what is lost by it is the time the others wait for that one.
 * @returns null when there is no load
 */
export function skewIndex(loads: readonly number[]): number | null {
  let sum = 0;
  let largest = 0;
  for (const load of loads) {
    sum += load;
    if (load > largest) largest = load;
  }
  return sum <= 0 ? null : (largest * loads.length) / sum;
}
