import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssigner } from './window-assigner';
import type { Alignment, WindowShape } from './window-shape';
import type {
  Aggregate,
  LatePolicy,
  WindowedAggregateConfig,
  WindowInput,
  WindowOutput,
} from './window-step';
import { emptyWindowState, step, stepAll } from './windowed-aggregate';

const sums: Aggregate<number, [number, number], number> = {
  empty: () => [0, 0],
  add: ([n, sum], value) => [n + Math.sign(value), sum + value],
  merge: (a, b) => [a[0] + b[0], a[1] + b[1]],
  isEmpty: ([n, sum]) => n === 0 && sum === 0,
  result: ([, sum]) => sum,
};
type Config = WindowedAggregateConfig<number, [number, number], number>;
type Input = WindowInput<number>;

const EPOCH: Alignment = { kind: 'epoch', offsetMs: 0 };

function configOf(shape: WindowShape, latenessMs: number, latePolicy: LatePolicy): Config {
  return { assigner: createAssigner(shape, EPOCH), latenessMs, latePolicy, aggregate: sums };
}

const runOf = (config: Config, inputs: readonly Input[]) =>
  stepAll(config, emptyWindowState<[number, number], number>(), inputs);
const record = (offset: number, at: number, value = 1, key = 'a', partition = 'p'): Input => ({
  k: 'record',
  partition,
  offset,
  key,
  at,
  value,
});
const watermark = (at: number, partition = 'p'): Input => ({ k: 'watermark', partition, at });

/** What stands of what was published; a value taken back that never stood would show. */
function standing(outputs: readonly WindowOutput<number>[]): string[] {
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

const TUMBLING: WindowShape = { kind: 'tumbling', sizeMs: 10 };
const SESSION: WindowShape = { kind: 'session', gapMs: 5 };
const SHAPES: WindowShape[] = [TUMBLING, { kind: 'hopping', sizeMs: 12, slideMs: 5 }, SESSION];

describe('a windowed aggregate', () => {
  it('publishes when the watermark passes the end, corrects within the lateness, then is final', () => {
    const config = configOf(TUMBLING, 5, { kind: 'discard' });
    const { outputs, late } = runOf(config, [
      record(0, 3),
      record(1, 12),
      watermark(9),
      watermark(10),
      record(2, 4, 2),
      watermark(15),
      record(3, 5),
    ]);
    expect(outputs).toEqual([
      { k: 'published', key: 'a', start: 0, end: 10, sign: 1, result: 1 },
      { k: 'published', key: 'a', start: 0, end: 10, sign: -1, result: 1 },
      { k: 'published', key: 'a', start: 0, end: 10, sign: 1, result: 3 },
      { k: 'final', key: 'a', start: 0, end: 10, sign: 1, result: 3 },
    ]);
    expect(late.map(({ fate, latenessMs, published }) => [fate, latenessMs, published])).toEqual([
      ['discarded', 10, null],
    ]);
  });

  it('puts aside what is late, with what it would have changed', () => {
    const config = configOf(TUMBLING, 0, { kind: 'sideOutput', keepMs: 20 });
    const { outputs, late } = runOf(config, [
      record(0, 3),
      watermark(10),
      record(1, 4, 5),
      record(2, 6, 7),
      record(3, -5, 2),
      watermark(30),
      record(4, 1),
    ]);
    expect(standing(outputs)).toEqual(['a 0–10: 1']);
    expect(late.map(({ start, fate, published, corrected }) => [start, fate, published, corrected])).toEqual([
      [0, 'aside', 1, 6],
      [0, 'aside', 1, 13],
      [-10, 'aside', null, 2],
      [0, 'expired', null, null],
    ]);
  });

  it('takes back and publishes anew what is late, where corrections are wanted', () => {
    const config = configOf(TUMBLING, 0, { kind: 'correct', keepMs: 20 });
    const { outputs, late } = runOf(config, [record(0, 3), watermark(10), record(1, 4, 5), record(2, 4, -5)]);
    expect(standing(outputs)).toEqual(['a 0–10: 1']);
    expect(outputs.map(({ k, sign, result }) => `${k} ${sign} ${result}`)).toEqual([
      'published 1 1',
      'final 1 1',
      'published -1 1',
      'published 1 6',
      'published -1 6',
      'published 1 1',
    ]);
    expect(late.map(({ published, corrected }) => [published, corrected])).toEqual([
      [1, 6],
      [6, 1],
    ]);
  });

  it('waits for the slowest partition that is not idle', () => {
    const config = configOf(TUMBLING, 0, { kind: 'discard' });
    const inputs: Input[] = [record(0, 3), watermark(2, 'slow'), watermark(50)];
    expect(runOf(config, inputs).outputs).toEqual([]);
    const idle: Input = { k: 'idle', partition: 'slow', at: 4 };
    expect(standing(runOf(config, [...inputs, idle]).outputs)).toEqual(['a 0–10: 1']);
    const { state } = runOf(config, [...inputs, idle, record(0, 55, 1, 'a', 'slow'), watermark(60)]);
    expect(state.clock).toBe(50);
  });

  it('closes by a timer what no watermark passes', () => {
    const { outputs, timers } = runOf(configOf(TUMBLING, 0, { kind: 'discard' }), [
      record(0, 3),
      record(1, 23),
      { k: 'timer', at: 10 },
    ]);
    expect(standing(outputs)).toEqual(['a 0–10: 1']);
    expect(timers).toEqual([[30, 'a']]);
  });

  it('keeps a session by exactly the gap, and splits it when its middle is taken back', () => {
    const config = configOf(SESSION, 100, { kind: 'discard' });
    const one = [record(0, 0), record(1, 5), record(2, 10), watermark(16)];
    expect(standing(runOf(config, one).outputs)).toEqual(['a 0–15: 3']);
    expect(standing(runOf(config, [...one, record(3, 5, -1)]).outputs)).toEqual(['a 0–5: 1', 'a 10–15: 1']);
    expect(standing(runOf(config, [...one, record(3, 16)]).outputs)).toEqual(['a 0–15: 3']);
  });

  it('judges a session’s record by its own time: exactly the lateness behind is in time', () => {
    const config = configOf(SESSION, 10, { kind: 'discard' });
    const inTime = runOf(config, [record(0, 0), watermark(20), record(1, 10)]);
    expect(inTime.late).toEqual([]);
    expect(standing(inTime.outputs)).toEqual(['a 0–5: 1', 'a 10–15: 1']);
    expect(runOf(config, [record(0, 0), watermark(20), record(1, 9)]).late).toMatchObject([
      { at: 9, fate: 'discarded', latenessMs: 11 },
    ]);
  });

  it('gives sessions that end with the day or the opening', () => {
    const day = 86_400_000;
    const config: Config = {
      ...configOf(SESSION, 0, { kind: 'discard' }),
      assigner: createAssigner({ kind: 'session', gapMs: 60_000 }, { kind: 'day', zone: 'UTC' }),
    };
    const { outputs } = runOf(config, [record(0, day - 1), record(1, day), watermark(2 * day)]);
    expect(standing(outputs)).toEqual([`a ${day - 1}–${day}: 1`, `a ${day}–${day + 60_000}: 1`]);
  });
});

const LATENESS = 8;
/** Values at times, some of them taken back after. */
const values = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom('a', 'b')),
    {
      maxLength: 40,
    },
  )
  .map((list) => [...list].sort((x, y) => x[0] - y[0]));
const shape = fc.constantFrom(...SHAPES);
const policy = fc.constantFrom<LatePolicy>(
  { kind: 'discard' },
  { kind: 'sideOutput', keepMs: 30 },
  { kind: 'correct', keepMs: 30 },
);

/** In order of arrival, a watermark after each at the newest time so far, and the end at last. */
function inputsOf(list: readonly (readonly [number, number, string])[]): Input[] {
  let newest = -1;
  const inputs = list.flatMap(([at, value, key], offset) => {
    newest = Math.max(newest, at);
    return [record(offset, at, value, key), watermark(newest)];
  });
  return [...inputs, watermark(1_000)];
}

/** Any inputs: also late ones, ticks, timers, and values taken back. */
const anyInputs = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 80 }),
      value: fc.integer({ min: -2, max: 3 }).filter((value) => value !== 0),
      key: fc.constantFrom('a', 'b'),
      partition: fc.constantFrom('p', 'q'),
      kind: fc.constantFrom('record', 'record', 'record', 'watermark', 'idle', 'timer'),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(({ at, value, key, partition, kind }, offset): Input => {
      if (kind === 'record') return record(offset, at, value, key, partition);
      return kind === 'timer' ? { k: 'timer', at } : { k: kind as 'watermark' | 'idle', partition, at };
    }),
  );

describe('whatever the input', () => {
  it('where batches are cut changes nothing, and the state given is left as it is', () => {
    fc.assert(
      fc.property(anyInputs, shape, policy, fc.nat(40), (inputs, how, latePolicy, at) => {
        const config = configOf(how, LATENESS, latePolicy);
        const whole = runOf(config, inputs);
        const first = runOf(config, inputs.slice(0, at));
        const kept = JSON.stringify(first.state);
        const second = stepAll(config, JSON.parse(kept), inputs.slice(at));
        const again = stepAll(config, first.state, inputs.slice(at));
        expect([...first.outputs, ...second.outputs]).toEqual(whole.outputs);
        expect([...first.late, ...second.late]).toEqual(whole.late);
        expect(JSON.parse(JSON.stringify(second.state))).toEqual(JSON.parse(JSON.stringify(whole.state)));
        expect(again.outputs).toEqual(second.outputs);
        expect(JSON.stringify(first.state)).toBe(kept);
        let state = emptyWindowState<[number, number], number>();
        const single = inputs.flatMap((input) => {
          const result = step(config, state, input);
          state = result.state;
          return result.outputs;
        });
        expect(single).toEqual(whole.outputs);
      }),
      { seed: 21, numRuns: 400 },
    );
  });

  it('a shuffle within the lateness ends as the order would, with nothing late', () => {
    fc.assert(
      fc.property(
        values,
        shape,
        policy,
        fc.infiniteStream(fc.nat(LATENESS)),
        (list, how, latePolicy, jitter) => {
          const config = configOf(how, LATENESS, latePolicy);
          const shuffled = list
            .map((item) => ({ item, at: item[0] + (jitter.next().value as number) }))
            .sort((x, y) => x.at - y.at)
            .map(({ item }) => item);
          const inOrder = runOf(config, inputsOf(list));
          const result = runOf(config, inputsOf(shuffled));
          expect(result.late).toEqual([]);
          expect(standing(result.outputs)).toEqual(standing(inOrder.outputs));
          const finals = ({ outputs }: typeof result) =>
            outputs
              .flatMap((out) => (out.k === 'final' ? `${out.key} ${out.start} ${out.result}` : []))
              .sort();
          expect(finals(result)).toEqual(finals(inOrder));
        },
      ),
      { seed: 22, numRuns: 400 },
    );
  });

  it('a second delivery of anything already taken changes nothing', () => {
    fc.assert(
      fc.property(anyInputs, shape, policy, fc.nat(40), fc.nat(40), (inputs, how, latePolicy, from, to) => {
        const config = configOf(how, LATENESS, latePolicy);
        const repeated = inputs.slice(Math.min(from, to), to).filter(({ k }) => k === 'record');
        const twice = [...inputs.slice(0, to), ...repeated, ...inputs.slice(to)];
        const once = runOf(config, inputs);
        const result = runOf(config, twice);
        expect(result.outputs).toEqual(once.outputs);
        expect(result.late).toEqual(once.late);
        expect(result.state).toEqual(once.state);
      }),
      { seed: 23, numRuns: 300 },
    );
  });

  it('a replay of the log gives the same outputs, ticks of drained partitions included', () => {
    fc.assert(
      fc.property(anyInputs, shape, policy, (inputs, how, latePolicy) => {
        const logged = JSON.parse(JSON.stringify(inputs)) as Input[];
        const live = runOf(configOf(how, LATENESS, latePolicy), inputs);
        const replay = runOf(configOf(how, LATENESS, latePolicy), logged);
        expect(JSON.stringify(replay)).toBe(JSON.stringify(live));
      }),
      { seed: 24 },
    );
  });

  it('sessions merge the same whichever come first', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 3 })), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(points, points, points, (a, b, c) => {
        const config = configOf(SESSION, 1_000, { kind: 'discard' });
        const ends = (...parts: [number, number][][]) => {
          const list = parts.flat().map(([at, value], offset) => record(offset, at, value));
          return standing(runOf(config, [...list, watermark(500)]).outputs);
        };
        expect(ends(c, a, b)).toEqual(ends(a, b, c));
        expect(ends(b, c, a)).toEqual(ends(a, b, c));
      }),
      { seed: 25 },
    );
  });

  it('what is taken back leaves what would have been without it', () => {
    fc.assert(
      fc.property(values, values, shape, (kept, gone, how) => {
        const config = configOf(how, 1_000, { kind: 'correct', keepMs: 1_000 });
        const taken = gone.map(([at, value, key]) => [at, -value, key] as const);
        const nothingLeft = standing(runOf(config, inputsOf([...kept, ...gone, ...taken])).outputs);
        const without = standing(runOf(config, inputsOf(kept)).outputs);
        // A window of fixed bounds that was published stays, at zero.
        expect(nothingLeft.filter((line) => !line.endsWith(': 0'))).toEqual(without);
      }),
      { seed: 26 },
    );
  });
});
