/** A partition that may be compared, and how much it has processed. */
export interface Candidate {
  shardId: number;
  partition: number;
  events: number;
}

export type Drawn<C extends Candidate> = C & { drawn: 'busy' | 'seed' };

/**
 * The busiest half of a sample, where a difference would touch most, and the rest by a seed, so that quiet ones have their
 * turn: the same seed draws the same again.
 */
export function drawSample<C extends Candidate>(
  candidates: readonly C[],
  size: number,
  seed: number,
): Drawn<C>[] {
  const byLoad = [...candidates].sort(
    (a, b) => b.events - a.events || a.shardId - b.shardId || a.partition - b.partition,
  );
  const busy = byLoad.splice(0, Math.ceil(size / 2));
  const random = randomFrom(seed);
  const drawn: Drawn<C>[] = busy.map((one) => ({ ...one, drawn: 'busy' }));
  while (drawn.length < size && byLoad.length > 0) {
    const [one] = byLoad.splice(Math.floor(random() * byLoad.length), 1);
    if (one) drawn.push({ ...one, drawn: 'seed' });
  }
  return drawn;
}

/** Numbers in 0…1, the same in every run (Numerical Recipes' congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
