import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LatePolicy } from './window-step';
import { emptyWindowState, step, stepAll } from './windowed-aggregate';
import {
  configOf,
  type Input,
  record,
  runOf,
  SESSION,
  SHAPES,
  standing,
  watermark,
} from './windowed-sums-fixture';

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
