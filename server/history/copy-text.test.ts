import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from '@/server/core/calendar';
import { copyTime } from './copy-text';

const asPostgresReads = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00');

describe('times as columns of COPY', () => {
  it('are what the machine itself writes, whatever was written before', () => {
    const near = fc.integer({ min: -3_000, max: 3_000 }).map((ms) => Date.UTC(2026, 10, 28) + ms);
    const any = fc.integer({ min: FIRST_INSTANT_MS, max: LAST_INSTANT_MS });
    const broken = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(near, any, broken), { minLength: 1 }), (times) => {
        expect(times.map(copyTime)).toEqual(times.map(asPostgresReads));
      }),
    );
  });

  it('stay within what the column keeps', () => {
    expect(copyTime(Number.NaN)).toBe('1970-01-01 00:00:00.000+00');
    expect(copyTime(-1e20)).toBe('0001-01-01 00:00:00.000+00');
    expect(copyTime(1e20)).toBe('9999-12-31 23:59:59.999+00');
  });
});
