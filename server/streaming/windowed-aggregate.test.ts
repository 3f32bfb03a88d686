import { describe, expect, it } from 'vitest';
import { createAssigner } from './window-assigner';
import {
  type Config,
  configOf,
  type Input,
  record,
  runOf,
  SESSION,
  standing,
  TUMBLING,
  watermark,
} from './windowed-sums-fixture';

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
