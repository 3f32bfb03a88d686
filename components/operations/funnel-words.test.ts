import { describe, expect, it } from 'vitest';
import { basisWords, dropWords, shareWords } from './funnel-words';

const band = (low: number, high: number, basis = 'the last 24 h') => ({ low, high, samples: 500, basis });

describe('the drop-off between two steps', () => {
  it('is what is missing of the live visits of the step before', () => {
    expect(dropWords(38, 100)).toBe('−62 % from step before');
    expect(dropWords(2, 9)).toBe('−78 % from step before');
    expect(dropWords(1, 500)).toBe('−99.8 % from step before');
    expect(dropWords(0, 7)).toBe('−100 % from step before');
  });
  it('has no sign where none is missing, and a plus where more reached the later step', () => {
    expect(dropWords(7, 7)).toBe('0 % from step before');
    expect(dropWords(9, 6)).toBe('+50 % from step before');
  });
  it('is not said where nobody is at the step before', () => {
    expect(dropWords(0, 0)).toBeNull();
    expect(dropWords(2, 0)).toBeNull();
  });
});

describe('the share of a step', () => {
  it('stands alone until it is known what is usual', () => {
    expect(shareWords(38, undefined)).toEqual({ text: '38 % of live', outside: null });
  });
  it('is not said while it is not known', () => {
    expect(shareWords(null, band(30, 42))).toBeNull();
  });
  it('stands beside what is usual', () => {
    expect(shareWords(38, band(30, 42))).toEqual({ text: '38 % of live, usual 30–42 %', outside: null });
    expect(shareWords(0, band(0, 0))).toEqual({ text: '0 % of live, usual 0 %', outside: null });
  });
  it('says in words that it lies outside', () => {
    expect(shareWords(25, band(30, 42))).toEqual({
      text: '25 % of live, below usual 30–42 %',
      outside: 'below',
    });
    expect(shareWords(42.6, band(30, 42))?.outside).toBe('above');
  });
  it('is judged as it is shown', () => {
    expect(shareWords(29.96, band(30.04, 42))).toEqual({
      text: '30 % of live, usual 30–42 %',
      outside: null,
    });
  });
});

describe('what the usual is taken from', () => {
  const said = (usual: Parameters<typeof basisWords>[0]) => basisWords(usual).replace(/^.*? only\. /, '');
  it('is said once for all steps', () => {
    expect(said({ viewedShare: band(1, 2), addedShare: band(3, 4) })).toBe('Usual: the last 24 h.');
    const mixed = { viewedShare: band(1, 2, 'this hour of the week'), addedShare: band(3, 4) };
    expect(said(mixed)).toBe('Usual: this hour of the week or the last 24 h.');
  });
  it('is promised while nothing is usual', () => {
    expect(said({})).toBe('What is usual shows after three quarters of an hour.');
  });
});
