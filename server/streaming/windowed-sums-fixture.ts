import { createAssigner } from './window-assigner';
import type { Alignment, WindowShape } from './window-shape';
import type {
  Aggregate,
  LatePolicy,
  WindowedAggregateConfig,
  WindowInput,
  WindowOutput,
} from './window-step';
import { emptyWindowState, stepAll } from './windowed-aggregate';

/** Windowed sums for the tests: small numbers, partitions and keys by letters. */
const sums: Aggregate<number, [number, number], number> = {
  empty: () => [0, 0],
  add: ([n, sum], value) => [n + Math.sign(value), sum + value],
  merge: (a, b) => [a[0] + b[0], a[1] + b[1]],
  isEmpty: ([n, sum]) => n === 0 && sum === 0,
  result: ([, sum]) => sum,
};
export type Config = WindowedAggregateConfig<number, [number, number], number>;
export type Input = WindowInput<number>;

const EPOCH: Alignment = { kind: 'epoch', offsetMs: 0 };

export function configOf(shape: WindowShape, latenessMs: number, latePolicy: LatePolicy): Config {
  return { assigner: createAssigner(shape, EPOCH), latenessMs, latePolicy, aggregate: sums };
}

export const runOf = (config: Config, inputs: readonly Input[]) =>
  stepAll(config, emptyWindowState<[number, number], number>(), inputs);
export const record = (offset: number, at: number, value = 1, key = 'a', partition = 'p'): Input => ({
  k: 'record',
  partition,
  offset,
  key,
  at,
  value,
});
export const watermark = (at: number, partition = 'p'): Input => ({ k: 'watermark', partition, at });

/** What stands of what was published; a value taken back that never stood would show. */
export function standing(outputs: readonly WindowOutput<number>[]): string[] {
  const held = new Map<string, number>();
  for (const { k, key, start, end, sign, result } of outputs) {
    if (k !== 'published') continue;
    const line = `${key} ${start}–${end}: ${result}`;
    const sum = (held.get(line) ?? 0) + sign;
    if (sum === 0) held.delete(line);
    else held.set(line, sum);
  }
  return [...held].map(([line, sum]) => (sum === 1 ? line : `${line} × ${sum}`)).sort();
}

export const TUMBLING: WindowShape = { kind: 'tumbling', sizeMs: 10 };
export const SESSION: WindowShape = { kind: 'session', gapMs: 5 };
export const SHAPES: WindowShape[] = [TUMBLING, { kind: 'hopping', sizeMs: 12, slideMs: 5 }, SESSION];
