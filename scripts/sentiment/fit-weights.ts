/** A text as what it says (keys of features), what people called it (0 negative, 1 neutral, 2 positive), and where it is from. */
export interface LabelledText {
  keys: readonly string[];
  label: 0 | 1 | 2;
  source: string;
  /** how many texts it counts for */
  weight: number;
}

export interface FittedWeights {
  weights: Map<string, number>;
  /** of each source: where its labels part on the sum of weights */
  cuts: Map<string, [negativeBelow: number, positiveAbove: number]>;
}

const ITERATIONS = 250;
/** Keys of fewer texts are not learned. */
const FEWEST_TEXTS = 2;

/**
 * Ordinal logistic regression: one weight a key shared by all sources, two cuts for each source, since one calls neutral
 * what another does not. Weights are held near what a lexicon says of the word. Accelerated gradient descent from a fixed
 * beginning: the same texts give the same weights.
 * @param hold how strongly, per unit of mean loss
 */
export function fitWeights(
  texts: readonly LabelledText[],
  prior: ReadonlyMap<string, number>,
  hold: number,
): FittedWeights {
  const keys = keysOf(texts, prior);
  const sources = [...new Set(texts.map(({ source }) => source))];
  const rows = rowsOf(texts, keys, sources);
  const held = Float64Array.from(keys.keys(), (key) => prior.get(key) ?? 0);
  let now: Point = { weights: held.slice(), cuts: Float64Array.from(sources.flatMap(() => [-1, 1])) };
  let before = now;
  const step = 1 / (steepest(rows) + hold);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const ahead = extrapolate(before, now, iteration / (iteration + 3));
    const slope = slopeAt(rows, ahead);
    before = now;
    now = {
      weights: ahead.weights.map((w, i) => w - step * (at(slope.weights, i) + hold * (w - at(held, i)))),
      cuts: ahead.cuts.map((cut, i) => cut - step * at(slope.cuts, i)),
    };
  }
  const weights = new Map(prior);
  for (const [key, index] of keys) weights.set(key, at(now.weights, index));
  return {
    weights,
    cuts: new Map(sources.map((name, i) => [name, [at(now.cuts, 2 * i), at(now.cuts, 2 * i + 1)]])),
  };
}

interface Point {
  weights: Float64Array;
  cuts: Float64Array;
}

interface Rows {
  texts: { indexes: Int32Array; label: number; source: number; share: number }[];
}

const at = (values: Float64Array, index: number) => values[index] as number;

function keysOf(texts: readonly LabelledText[], prior: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { keys } of texts) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const learned = [...counts].filter(([key, count]) => count >= FEWEST_TEXTS || prior.has(key));
  return new Map(learned.map(([key], index) => [key, index]));
}

function rowsOf(
  texts: readonly LabelledText[],
  keys: ReadonlyMap<string, number>,
  sources: readonly string[],
): Rows {
  const total = texts.reduce((sum, { weight }) => sum + weight, 0);
  return {
    texts: texts.map((text) => ({
      indexes: Int32Array.from(text.keys.flatMap((key) => keys.get(key) ?? [])),
      label: text.label,
      source: sources.indexOf(text.source),
      share: text.weight / total,
    })),
  };
}

/** A bound of the loss's curvature, so that no step is too long: two logistic losses a text, a quarter each. */
function steepest({ texts }: Rows): number {
  return texts.reduce((sum, { indexes, share }) => sum + (share * (1 + indexes.length)) / 2, 0);
}

function extrapolate(before: Point, now: Point, by: number): Point {
  const along = (a: Float64Array, b: Float64Array) => b.map((value, i) => value + by * (value - at(a, i)));
  return { weights: along(before.weights, now.weights), cuts: along(before.cuts, now.cuts) };
}

function slopeAt({ texts }: Rows, { weights, cuts }: Point): Point {
  const slope = { weights: new Float64Array(weights.length), cuts: new Float64Array(cuts.length) };
  for (const { indexes, label, source, share } of texts) {
    let sum = 0;
    for (const index of indexes) sum += at(weights, index);
    const low = 2 * source;
    const atLow = (chance(sum - at(cuts, low)) - (label > 0 ? 1 : 0)) * share;
    const atHigh = (chance(sum - at(cuts, low + 1)) - (label > 1 ? 1 : 0)) * share;
    slope.cuts[low] = at(slope.cuts, low) - atLow;
    slope.cuts[low + 1] = at(slope.cuts, low + 1) - atHigh;
    for (const index of indexes) slope.weights[index] = at(slope.weights, index) + atLow + atHigh;
  }
  return slope;
}

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));
