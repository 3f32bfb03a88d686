import { describe, expect, it } from 'vitest';
import { chainWords } from './chain-words';

describe('the check of the audit', () => {
  it('is good where the chain holds up to its anchor', () => {
    expect(chainWords({ verified: 30, broken: null, anchoredSeq: 30 })).toEqual({
      tone: 'good',
      badge: 'Chain holds: 30 entries',
      anchor: 'anchored at 30',
      unproven: null,
    });
  });

  it('is not good without an anchor, and says what is not proven and how to set it', () => {
    const words = chainWords({ verified: 1, broken: null, anchoredSeq: null });
    expect(words).toMatchObject({
      tone: 'warn',
      badge: 'Chain holds, without an anchor: 1 entry',
      anchor: null,
    });
    expect(words.unproven).toMatch(/^Not proven: that no entry was cut from the end/);
    expect(words.unproven).toContain('The next entry sets it');
  });

  it('is no alarm where nothing was noted yet', () => {
    expect(chainWords({ verified: 0, broken: null, anchoredSeq: null }).tone).toBe('neutral');
  });

  it('is bad where the chain is broken, anchor or not', () => {
    const broken = { seq: 7, why: 'changed' as const };
    expect(chainWords({ verified: 6, broken, anchoredSeq: 30 })).toMatchObject({
      tone: 'bad',
      badge: 'Broken: entry 7 was changed',
      unproven: null,
    });
    expect(chainWords({ verified: 6, broken, anchoredSeq: null })).toMatchObject({
      tone: 'bad',
      anchor: null,
    });
  });
});
