import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '@/server/core/durations';
import { addInterval, type Interval, intervalAt } from './interval-set';

type Session = [start: number, last: number, rows: number];

const join = (a: Session, b: Session): Session => [a[0], Math.max(a[1], b[1]), a[2] + b[2]];

function sessionsOf(times: readonly number[], gapMs: number): Session[] {
  const set: Session[] = [];
  for (const t of times) addInterval(set, [t, t, 1], gapMs, join);
  return set;
}

function linesOf<T>(file: string): T[] {
  const text = readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

interface GoldenSession {
  start: string;
  end: string;
  rows: number;
  user_id?: number;
}

const GAP_MS = 20 * SECOND_MS;
const utc = (text: string) => Date.parse(text.endsWith('Z') || text.includes('+') ? text : `${text}Z`);
const shown = (user: number, [start, last, rows]: Session) => [user, start, last + GAP_MS, rows].join();
const golden = ({ user_id = 0, start, end, rows }: GoldenSession) =>
  [user_id, utc(start), utc(end), rows].join();

describe('session windows', () => {
  const impulses = linesOf<{ timestamp: string; counter: number }>('impulse.ndjson').map(
    ({ timestamp, counter }) => ({
      t: utc(timestamp),
      user: counter % 10 === 0 ? 0 : counter,
    }),
  );

  it.each([
    ['in order', impulses],
    ['backwards', [...impulses].reverse()],
  ])('equal published ones: %s', (_order, events) => {
    const users = Map.groupBy(events, ({ user }) => user);
    const keyed = [...users].flatMap(([user, own]) =>
      sessionsOf(
        own.map(({ t }) => t),
        GAP_MS,
      ).map((session) => shown(user, session)),
    );
    expect(keyed.sort()).toEqual(linesOf<GoldenSession>('session_window.ndjson').map(golden).sort());
    const whole = sessionsOf(
      events.map(({ t }) => t),
      GAP_MS,
    ).map((session) => shown(0, session));
    expect(whole).toEqual(linesOf<GoldenSession>('global_session_window.ndjson').map(golden));
  });

  it('are kept together by exactly the gap and parted by more', () => {
    expect(sessionsOf([0, 30], 30)).toEqual([[0, 30, 2]]);
    expect(sessionsOf([0, 31], 30)).toEqual([
      [0, 0, 1],
      [31, 31, 1],
    ]);
    expect(sessionsOf([0, 60, 30], 30)).toEqual([[0, 60, 3]]);
    const set: Interval[] = [
      [0, 10],
      [50, 60],
    ];
    expect([-1, 0, 49, 50, 99].map((t) => intervalAt(set, t))).toEqual([-1, 0, 0, 1, 1]);
  });

  it('do not depend on the order in which events come', () => {
    const times = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 20 }), (events, gap) => {
        const sorted = sessionsOf(
          [...events].sort((a, b) => a - b),
          gap,
        );
        expect(sessionsOf(events, gap)).toEqual(sorted);
        for (const [index, [start]] of sorted.entries()) {
          if (index > 0) expect(start - (sorted[index - 1]?.[1] ?? 0)).toBeGreaterThan(gap);
        }
      }),
      { seed: 11 },
    );
  });
});
