import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '@/server/core/durations';
import { createAssigner } from './window-assigner';
import type { Alignment, WindowShape } from './window-shape';
import type { Aggregate, WindowInput } from './window-step';
import { emptyWindowState, stepAll } from './windowed-aggregate';

/** Published inputs and outputs of another engine's SQL tests, see golden/NOTICE.md. */

type Acc = [count: number, min: number, max: number] | null;
interface Row {
  count: number;
  min: number;
  max: number;
}

const rows: Aggregate<number, Acc, Row> = {
  empty: () => null,
  add: (acc, value) => rows.merge(acc, [1, value, value]),
  merge: (a, b) => (a && b ? [a[0] + b[0], Math.min(a[1], b[1]), Math.max(a[2], b[2])] : (a ?? b)),
  isEmpty: (acc) => acc === null,
  result: (acc) => ({ count: acc?.[0] ?? 0, min: acc?.[1] ?? 0, max: acc?.[2] ?? 0 }),
};

const utc = (text: string) => Date.parse(/Z|\+/.test(text) ? text : `${text}Z`);

function linesOf<T>(file: string): T[] {
  const text = readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8');
  const lines = text.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

const impulses = linesOf<{ timestamp: string; counter: number }>('impulse.ndjson');
const EPOCH: Alignment = { kind: 'epoch', offsetMs: 0 };
const ALL_PAST = utc('2023-10-10T00:00:00');

/** What stands after all impulses, watermarks behind each, and the end of time. */
function windowsOf(shape: WindowShape, keyOf: (counter: number) => number) {
  const inputs = impulses.flatMap(({ timestamp, counter }, offset): WindowInput<number>[] => {
    const at = utc(timestamp);
    const record = {
      k: 'record',
      partition: 'p',
      offset,
      key: `${keyOf(counter)}`,
      at,
      value: counter,
    } as const;
    return [record, { k: 'watermark', partition: 'p', at }];
  });
  inputs.push({ k: 'watermark', partition: 'p', at: ALL_PAST });
  const config = {
    assigner: createAssigner(shape, EPOCH),
    latenessMs: 0,
    latePolicy: { kind: 'discard' },
    aggregate: rows,
  } as const;
  const { outputs, late } = stepAll(config, emptyWindowState<Acc, Row>(), inputs);
  expect(late).toEqual([]);
  return outputs.filter(({ k }) => k === 'final');
}

interface GoldenSession {
  start: string;
  end: string;
  rows: number;
  user_id?: number;
}

const sessionLine = ({ user_id = 0, start, end, rows: n }: GoldenSession) =>
  [user_id, utc(start), utc(end), n].join();

describe('windows of a published engine', () => {
  it('hopping: 10 s every 2 s', () => {
    const shape = { kind: 'hopping', sizeMs: 10 * SECOND_MS, slideMs: 2 * SECOND_MS } as const;
    const ours = windowsOf(shape, () => 0).map(({ start, end, result }) => ({ ...result, start, end }));
    const published = linesOf<{ start: string; end: string }>('sliding_window_end.ndjson');
    expect(ours).toEqual(published.map((row) => ({ ...row, start: utc(row.start), end: utc(row.end) })));
  });

  it.each([
    ['session_window.ndjson', (counter: number) => (counter % 10 === 0 ? 0 : counter)],
    ['global_session_window.ndjson', () => 0],
  ])('sessions with a gap of 20 s: %s', (file, keyOf) => {
    const ours = windowsOf({ kind: 'session', gapMs: 20 * SECOND_MS }, keyOf).map(
      ({ key, start, end, result }) => [key, start, end, result.count].join(),
    );
    expect(ours.sort()).toEqual(linesOf<GoldenSession>(file).map(sessionLine).sort());
  });
});
