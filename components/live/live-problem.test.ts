import { describe, expect, it } from 'vitest';
import { LiveClient } from './live-client';
import { liveProblem } from './live-problem';

const look = { now: 100_000, visibleSince: 0, before: null };
const beat = { problem: null };

describe('liveProblem', () => {
  it('says nothing on a page that never asked for anything live, however long it is open', () => {
    expect(liveProblem(new LiveClient(), look)).toBeNull();
  });

  it('says that the connection is interrupted after three seconds of silence, not before', () => {
    const standing = { heardAt: 97_000, isConnected: false, beat };
    expect(liveProblem(standing, look)).toBeNull();
    expect(liveProblem(standing, { ...look, now: 100_001 })).toMatch(/interrupted/);
  });

  it('gives a page that was hidden time to hear', () => {
    const standing = { heardAt: 1_000, isConnected: true, beat };
    expect(liveProblem(standing, { ...look, visibleSince: 98_000 })).toBeNull();
    expect(liveProblem(standing, look)).toMatch(/not been heard of/);
  });

  it('passes on what the server says of itself', () => {
    const standing = { heardAt: 99_000, isConnected: true, beat: { problem: 'the log is away' } };
    expect(liveProblem(standing, look)).toBe('the log is away');
  });
});
