import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  formatChange,
  formatFixed,
  formatLast,
  formatMoney,
  formatNumber,
  formatPercent,
  formatWhole,
} from './format';

describe('numbers on screens', () => {
  it.each([
    [formatNumber(-4), '−4'],
    [formatNumber(-42.13), '−42.1'],
    [formatNumber(-421_000), '−421K'],
    [formatPercent(-0.125), '−12.5'],
    [formatWhole(-4_210_333), '−4,210,333'],
    [formatFixed(-0.5, 2), '−0.50'],
    [formatChange(-12, 1), '−12.0'],
    [formatMoney('-1234.5', 'USD'), '−$1,234.50'],
    [formatMoney('-3', 'POINTS'), '−3.00 POINTS'],
    [formatMoney('-3'), '−3.00'],
  ])('have the minus of print: %s', (text, words) => {
    expect(text).toBe(words);
  });

  it('have a sign where they are changes, and none where they round to nothing', () => {
    expect([0.34, 0.04, 0, -0.04].map((value) => formatChange(value, 1))).toEqual([
      '+0.3',
      '0.0',
      '0.0',
      '0.0',
    ]);
    expect([formatNumber(-0.0001), formatMoney('-0.001', 'EUR')]).toEqual(['0', '€0.00']);
  });
});

describe('money', () => {
  it('of a currency that no standard knows is shown by the name its sender gave it', () => {
    expect(formatMoney('12', 'POINTS')).toBe('12.00 POINTS');
    expect(formatMoney('12', 'E$')).toBe('12.00 E$');
    expect(formatMoney('12', 'XQZ')).toContain('XQZ');
  });

  it('of no currency is a number to the cent', () => {
    expect([formatMoney('5', ''), formatMoney('0.0005'), formatMoney('1234.5')]).toEqual([
      '5.00',
      '0.0005',
      '1,234.50',
    ]);
  });
});

it('names a whole span by its unit alone', () => {
  expect([60_000, 3_600_000, 86_400_000].map(formatLast)).toEqual(['last minute', 'last hour', 'last day']);
  expect(formatLast(7_500_000)).toBe('last 2 h 5 m');
});

it('is the one way of numbers onto a screen', () => {
  // Drawing needs decimals with a point, and dates are no numbers.
  const others = [
    'components/streams/what-if-pane.tsx',
    'components/ui/format.ts',
    'components/ui/sparkline.tsx',
    'components/ui/time-range-control.tsx',
  ];
  const sources = ['app', 'components'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(300);
  const own = sources.filter((file) =>
    /\.toFixed\(|\.toLocaleString\(|NumberFormat\(/.test(readFileSync(file, 'utf8')),
  );
  expect(own.sort()).toEqual(others);
});
