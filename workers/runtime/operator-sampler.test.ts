import { describe, expect, it } from 'vitest';
import { OperatorSampler } from './operator-sampler';

function samplerAt() {
  const clock = { ms: 0 };
  return { clock, sampler: new OperatorSampler(() => clock.ms) };
}

describe('following events from operator to operator', () => {
  it('follows one event in thirty-two', () => {
    const { sampler } = samplerAt();
    const wanted = Array.from({ length: 96 }, () => sampler.wants()).filter(Boolean);
    expect(wanted).toHaveLength(3);
    expect(sampler.standing(5)).toMatchObject({ at: 5, followed: 3 });
  });

  it('gives each operator the time until the next one takes over', () => {
    const { clock, sampler } = samplerAt();
    sampler.enter('visits');
    clock.ms = 2;
    sampler.enter('carts');
    clock.ms = 5;
    sampler.leave();
    clock.ms = 90;
    sampler.enter('visits');
    clock.ms = 91;
    sampler.leave();
    expect(sampler.standing(0).operators).toEqual({
      visits: { events: 2, ms: 3, errors: 0 },
      carts: { events: 1, ms: 3, errors: 0 },
    });
  });

  it('counts an operator that is entered again at once as one event', () => {
    const { sampler } = samplerAt();
    sampler.enter('carts');
    sampler.enter('carts');
    sampler.leave();
    expect(sampler.standing(0).operators.carts?.events).toBe(1);
  });

  it('forgets what an event that threw had begun, and counts the error', () => {
    const { clock, sampler } = samplerAt();
    sampler.enter('rules');
    sampler.threw('rules');
    clock.ms = 1_000;
    while (!sampler.wants());
    sampler.enter('visits');
    sampler.leave();
    expect(sampler.standing(0).operators.rules).toEqual({ events: 1, ms: 0, errors: 1 });
  });
});
