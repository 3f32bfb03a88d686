import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { createAssigner, type FixedAssigner, type SessionAssigner } from './window-assigner';
import type { BusinessCalendar, Span } from './window-shape';

/** Both clock changes of 2026 in four zones: local date, hours of that day. Lord Howe moves by half an hour. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['Pacific/Auckland', '2026-09-27', 23],
  ['Pacific/Auckland', '2026-04-05', 25],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
] as const;
/** Midnight of those dates by the zones' published rules, as UTC. */
const MIDNIGHTS: Record<string, string> = {
  'Europe/Berlin 2026-03-29': '2026-03-28T23:00Z',
  'Europe/Berlin 2026-10-25': '2026-10-24T22:00Z',
  'America/New_York 2026-03-08': '2026-03-08T05:00Z',
  'America/New_York 2026-11-01': '2026-11-01T04:00Z',
  'Pacific/Auckland 2026-09-27': '2026-09-26T12:00Z',
  'Pacific/Auckland 2026-04-05': '2026-04-04T11:00Z',
  'Australia/Lord_Howe 2026-10-04': '2026-10-03T13:30Z',
  'Australia/Lord_Howe 2026-04-05': '2026-04-04T13:00Z',
};
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'] as const;

const midnight = (zone: string, date: string) => Date.parse(MIDNIGHTS[`${zone} ${date}`] ?? '');
const fixed = (assigner: ReturnType<typeof createAssigner>) => assigner as FixedAssigner;
const tumbling = (sizeMs: number, zone: string) =>
  fixed(createAssigner({ kind: 'tumbling', sizeMs }, { kind: 'day', zone }));

/** Every window that a walk over a span meets, in order. */
function walk(assigner: FixedAssigner, { start, end }: Span, stepMs: number): Span[] {
  const met = new Map<number, Span>();
  for (let t = start; t < end; t += stepMs) {
    for (const span of assigner.windowsOf(t)) met.set(span.start, span);
  }
  return [...met.values()].sort((a, b) => a.start - b.start);
}

describe('windows of local days', () => {
  it.each(CHANGES)('%s %s has %d hours', (zone, date, hours) => {
    const start = midnight(zone, date);
    const day = { start, end: start + hours * HOUR_MS };
    expect(tumbling(DAY_MS, zone).windowsOf(start + 12 * HOUR_MS)).toEqual([day]);
    expect(tumbling(DAY_MS, zone).windowsOf(day.end - 1)).toEqual([day]);
    expect(tumbling(DAY_MS, zone).windowsOf(day.end)[0]?.start).toBe(day.end);
  });

  it.each(CHANGES)('%s %s is told in as many windows of an hour as it has', (zone, date, hours) => {
    const start = midnight(zone, date);
    const day = { start, end: start + hours * HOUR_MS };
    const spans = walk(tumbling(HOUR_MS, zone), day, MINUTE_MS);
    expect(spans).toHaveLength(Math.ceil(hours));
    expect(spans.at(0)?.start).toBe(day.start);
    expect(spans.at(-1)?.end).toBe(day.end);
  });

  it('counts several days together', () => {
    const weeks = tumbling(7 * DAY_MS, 'Europe/Berlin');
    const [week] = weeks.windowsOf(Date.parse('2026-03-29T12:00Z'));
    expect(week).toEqual({ start: Date.parse('2026-03-25T23:00Z'), end: Date.parse('2026-04-01T22:00Z') });
    const sliding = fixed(
      createAssigner(
        { kind: 'hopping', sizeMs: 3 * DAY_MS, slideMs: DAY_MS },
        { kind: 'day', zone: 'Europe/Berlin' },
      ),
    );
    expect(
      sliding.windowsOf(Date.parse('2026-03-29T12:00Z')).map(({ start, end }) => (end - start) / HOUR_MS),
    ).toEqual([71, 71, 71]);
  });

  it('follows a zone that left out a date', () => {
    // Apia went from the 29th of December 2011 to the 31st.
    const days = walk(
      tumbling(DAY_MS, 'Pacific/Apia'),
      { start: Date.parse('2011-12-29T10:00Z'), end: Date.parse('2011-12-31T10:00Z') },
      HOUR_MS,
    );
    expect(days.map(({ start }) => new Date(start).toISOString())).toEqual([
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ]);
  });

  it('tumbling windows of any size part time without gap or overlap, also over clock changes', () => {
    const change = fc.constantFrom(...CHANGES);
    const size = fc.constantFrom(MINUTE_MS * 15, HOUR_MS, 5 * HOUR_MS, 6 * HOUR_MS, DAY_MS, 2 * DAY_MS);
    fc.assert(
      fc.property(change, size, fc.integer({ min: -40, max: 40 }), ([zone, date], sizeMs, hours) => {
        const t = midnight(zone, date) + hours * HOUR_MS + 123;
        const assigner = tumbling(sizeMs, zone);
        const [span, ...others] = assigner.windowsOf(t);
        expect(others).toEqual([]);
        expect(span && span.start <= t && t < span.end).toBe(true);
        const { start, end } = span as Span;
        expect(assigner.windowsOf(end)[0]?.start).toBe(end);
        expect(assigner.windowsOf(start - 1)[0]?.end).toBe(start);
      }),
      { seed: 31, numRuns: 500 },
    );
  });

  it('hopping windows hold a time exactly as often as a look at all of them says', () => {
    const change = fc.constantFrom(...CHANGES);
    fc.assert(
      fc.property(change, fc.integer({ min: 0, max: 30 * 60 }), ([zone, date], minutes) => {
        const shape = { kind: 'hopping', sizeMs: 3 * HOUR_MS, slideMs: HOUR_MS } as const;
        const assigner = fixed(createAssigner(shape, { kind: 'day', zone }));
        const t = midnight(zone, date) + minutes * MINUTE_MS;
        const starts = walk(tumbling(HOUR_MS, zone), { start: t - 4 * HOUR_MS, end: t + 1 }, MINUTE_MS);
        const expected = starts.filter(({ start }) => start <= t && start + 3 * HOUR_MS > t);
        expect(assigner.windowsOf(t)).toEqual(
          expected.map(({ start }) => ({ start, end: start + 3 * HOUR_MS })),
        );
      }),
      { seed: 32, numRuns: 60 },
    );
  });
});

const SHOP: BusinessCalendar = {
  zone: 'Europe/Berlin',
  hours: [1, 2, 3, 4, 5].map((day) => ({ day, opens: '09:00', closes: '18:00' })),
  holidays: ['2026-12-25'],
};
const business = (calendar: BusinessCalendar, sizeMs: number) =>
  fixed(createAssigner({ kind: 'tumbling', sizeMs }, { kind: 'businessHours', calendar }));
const utc = (text: string) => Date.parse(text);

describe('windows of business hours', () => {
  it('are the opening, by local time on both sides of a clock change', () => {
    const openings = business(SHOP, DAY_MS);
    expect(openings.windowsOf(utc('2026-03-27T10:00Z'))).toEqual([
      { start: utc('2026-03-27T08:00Z'), end: utc('2026-03-27T17:00Z') },
    ]);
    expect(openings.windowsOf(utc('2026-03-30T10:00Z'))).toEqual([
      { start: utc('2026-03-30T07:00Z'), end: utc('2026-03-30T16:00Z') },
    ]);
  });

  it('hold nothing outside: nights, weekends, holidays, the moment of closing', () => {
    const openings = business(SHOP, DAY_MS);
    for (const at of [
      '2026-03-27T07:59:59Z',
      '2026-03-27T17:00Z',
      '2026-03-28T10:00Z',
      '2026-12-25T10:00Z',
    ]) {
      expect(openings.windowsOf(utc(at))).toEqual([]);
    }
    expect(openings.windowsOf(utc('2026-12-28T10:00Z'))).toHaveLength(1);
  });

  it('are cut at closing', () => {
    const spans = walk(
      business(SHOP, 4 * HOUR_MS),
      { start: utc('2026-03-30T00:00Z'), end: utc('2026-03-31T00:00Z') },
      MINUTE_MS,
    );
    expect(spans.map(({ start, end }) => (end - start) / HOUR_MS)).toEqual([4, 4, 1]);
  });

  it.each(CHANGES)('overnight in %s on %s: the night is as long as it was', (zone, date, hours) => {
    const calendar: BusinessCalendar = {
      zone,
      hours: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '20:00', closes: '06:00' })),
      holidays: [],
    };
    const [night] = business(calendar, DAY_MS).windowsOf(midnight(zone, date) + HOUR_MS);
    const { start, end } = night as Span;
    expect((end - start) / HOUR_MS).toBe(10 + hours - 24);
    expect(start).toBe(midnight(zone, date) - 4 * HOUR_MS);
    expect(walk(business(calendar, HOUR_MS), { start, end }, MINUTE_MS)).toHaveLength(
      Math.ceil(10 + hours - 24),
    );
  });

  it('open at a time that is skipped that much later, at one that comes twice the first time', () => {
    const calendar: BusinessCalendar = {
      zone: 'Europe/Berlin',
      hours: [{ day: 7, opens: '02:30', closes: '05:00' }],
      holidays: [],
    };
    const startAt = (at: string) => business(calendar, DAY_MS).windowsOf(utc(at))[0]?.start;
    expect(startAt('2026-03-29T02:00Z')).toBe(utc('2026-03-29T01:30Z'));
    expect(startAt('2026-10-25T02:00Z')).toBe(utc('2026-10-25T00:30Z'));
  });

  it('a holiday closes the night that begins on it, not the one that ends on it', () => {
    const calendar: BusinessCalendar = {
      zone: 'Europe/Berlin',
      hours: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '22:00', closes: '02:00' })),
      holidays: ['2026-12-25'],
    };
    const nights = business(calendar, DAY_MS);
    expect(nights.windowsOf(utc('2026-12-25T00:30Z'))).toHaveLength(1);
    expect(nights.windowsOf(utc('2026-12-25T22:30Z'))).toEqual([]);
    expect(nights.windowsOf(utc('2026-12-26T00:30Z'))).toEqual([]);
  });

  it('agree with a clock on the wall, whatever the time of year', () => {
    const wall = new Map(
      ZONES.map((zone) => [
        zone,
        new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        }),
      ]),
    );
    const minute = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), minute, (zone, minutes) => {
        const t = utc('2026-01-01T00:00Z') + minutes * MINUTE_MS;
        const parts = new Map(
          wall
            .get(zone)
            ?.formatToParts(t)
            .map(({ type, value }) => [type, value]),
        );
        const time = `${parts.get('hour')}:${parts.get('minute')}`;
        const open = !/Sat|Sun/.test(parts.get('weekday') ?? '') && time >= '09:00' && time < '18:00';
        const spans = business({ ...SHOP, zone, holidays: [] }, HOUR_MS).windowsOf(t);
        expect(spans).toHaveLength(open ? 1 : 0);
      }),
      { seed: 33, numRuns: 150 },
    );
  });

  it('bound sessions', () => {
    const sessions = createAssigner(
      { kind: 'session', gapMs: HOUR_MS },
      { kind: 'businessHours', calendar: SHOP },
    ) as SessionAssigner;
    expect(sessions.frameOf(utc('2026-03-30T15:59Z'))?.end).toBe(utc('2026-03-30T16:00Z'));
    expect(sessions.frameOf(utc('2026-03-30T16:00Z'))).toBeNull();
  });
});

describe('windows since the epoch', () => {
  it('begin at multiples of the slide, moved by the offset, before 1970 as well', () => {
    const hopping = fixed(
      createAssigner({ kind: 'hopping', sizeMs: 10, slideMs: 4 }, { kind: 'epoch', offsetMs: 1 }),
    );
    expect(hopping.windowsOf(12)).toEqual([
      { start: 5, end: 15 },
      { start: 9, end: 19 },
    ]);
    expect(hopping.windowsOf(-3)[0]).toEqual({ start: -11, end: -1 });
  });

  it('are refused when they can not be', () => {
    const epoch = { kind: 'epoch', offsetMs: 0 } as const;
    const day = { kind: 'day', zone: 'UTC' } as const;
    expect(() => createAssigner({ kind: 'tumbling', sizeMs: 0 }, epoch)).toThrow(RangeError);
    expect(() => createAssigner({ kind: 'hopping', sizeMs: 5, slideMs: 6 }, epoch)).toThrow(RangeError);
    expect(() => createAssigner({ kind: 'session', gapMs: 0 }, epoch)).toThrow(RangeError);
    expect(() => createAssigner({ kind: 'tumbling', sizeMs: 1.5 * DAY_MS }, day)).toThrow(RangeError);
    expect(() =>
      createAssigner({ kind: 'session', gapMs: 1 }, { kind: 'day', zone: 'Nowhere/At_all' }),
    ).toThrow(RangeError);
  });
});
