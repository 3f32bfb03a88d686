import { describe, expect, it } from 'vitest';
import { StepPace } from './step-pace';

describe('the pace of steps', () => {
  it('bounds nothing while records are fast, and soon no more than a fraction of the lease while they are slow', () => {
    const pace = new StepPace();
    for (let i = 0; i < 5; i += 1) pace.note(500, 25);
    expect(pace.mostRecords).toBeGreaterThan(1_000);
    for (let i = 0; i < 5; i += 1) pace.note(100, 2_000);
    expect(pace.mostRecords * 20).toBeLessThanOrEqual(450);
    for (let i = 0; i < 20; i += 1) pace.note(1, 5_000);
    expect(pace.mostRecords).toBe(1);
    for (let i = 0; i < 20; i += 1) pace.note(100, 5);
    expect(pace.mostRecords).toBeGreaterThan(1_000);
  });
});
