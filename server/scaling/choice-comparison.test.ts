import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceAnswers } from './choice.schema';
import { assumptionsOf, compareOptions, logSizeGb } from './choice-comparison.schema';
import { OPTIONS } from './choice-options.schema';
import type { ChoiceAnswers } from './choice-terms.schema';

const SMALL: ChoiceAnswers = {
  residency: 'anywhere',
  peakEventsPerSecond: 500,
  eventBytes: 600,
  ordering: 'customer',
  retentionDays: 7,
  people: 'team',
  guarantee: 'once',
  stateGb: 2,
  freshnessSeconds: 1,
  lateKept: false,
};
const remaining = (subject: 'log' | 'engine', change: Partial<ChoiceAnswers>) =>
  compareOptions(subject, { ...SMALL, ...change }).flatMap(({ option, remains }) =>
    remains ? [option.key] : [],
  );

describe('the comparison of logs', () => {
  it('leaves all to a small shop that is bound to nothing', () => {
    expect(remaining('log', {})).toEqual(['redis-streams', 'kafka', 'kinesis', 'pulsar']);
  });

  it('drops a service of a cloud where data stay on own machines', () => {
    expect(remaining('log', { residency: 'own' })).toEqual(['redis-streams', 'kafka', 'pulsar']);
  });

  it('leaves only what comes with the product where nobody runs servers', () => {
    expect(remaining('log', { residency: 'own', people: 'nobody' })).toEqual(['redis-streams']);
  });

  it('drops one machine beyond what one machine takes, and says the figure', () => {
    const redis = compareOptions('log', { ...SMALL, peakEventsPerSecond: 250_000 })[0];
    expect(redis?.remains).toBe(false);
    expect(redis?.because.join(' ')).toContain('100,000');
  });

  it('drops memory when the retention is long, and a year’s limit when it is longer', () => {
    expect(remaining('log', { retentionDays: 365, peakEventsPerSecond: 5_000 })).toEqual([
      'kafka',
      'kinesis',
      'pulsar',
    ]);
    expect(remaining('log', { retentionDays: 400, peakEventsPerSecond: 5_000 })).toEqual(['kafka', 'pulsar']);
  });

  it('lets total order stand only where one shard carries the peak', () => {
    expect(remaining('log', { ordering: 'total', peakEventsPerSecond: 900 })).toContain('kinesis');
    expect(remaining('log', { ordering: 'total', peakEventsPerSecond: 1_100 })).not.toContain('kinesis');
  });

  it('reckons shards by the greater of events and bytes', () => {
    const kinesis = compareOptions('log', { ...SMALL, peakEventsPerSecond: 2_500, eventBytes: 4_000 })[2];
    expect(kinesis?.because[0]).toBe('10 shards carry the peak.');
  });

  it('reckons the size of a log', () => {
    // 1,000 events/s × 30 % × 1,000 B × 10 days × 86,400 s = 259.2 GB
    expect(
      logSizeGb({ ...SMALL, peakEventsPerSecond: 1_000, eventBytes: 1_000, retentionDays: 10 }),
    ).toBeCloseTo(259.2);
  });
});

describe('the comparison of engines', () => {
  it('drops the built-in one when state outgrows memory', () => {
    expect(remaining('engine', { stateGb: 500 })).toEqual(['flink', 'spark', 'ksqldb']);
  });

  it('keeps those that keep what is late', () => {
    expect(remaining('engine', { lateKept: true })).toEqual(['built-in', 'flink']);
  });
});

const anyAnswers = fc.record({
  residency: fc.constantFrom('own' as const, 'region' as const, 'anywhere' as const),
  peakEventsPerSecond: fc.integer({ min: 1, max: 1_000_000 }),
  eventBytes: fc.integer({ min: 50, max: 100_000 }),
  ordering: fc.constantFrom('customer' as const, 'total' as const),
  retentionDays: fc.integer({ min: 1, max: 3_650 }),
  people: fc.constantFrom('nobody' as const, 'team' as const),
  guarantee: fc.constantFrom('once' as const, 'atLeastOnce' as const),
  stateGb: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
  freshnessSeconds: fc.double({ min: 0.05, max: 3_600, noNaN: true }),
  lateKept: fc.boolean(),
});

describe('any comparison', () => {
  it('judges every option once, gives a reason for each, and asks more only to lose options', () => {
    fc.assert(
      fc.property(anyAnswers, fc.constantFrom('log' as const, 'engine' as const), (answers, subject) => {
        choiceAnswers.parse(answers);
        const verdicts = compareOptions(subject, answers);
        expect(verdicts.map(({ option }) => option.key)).toEqual(
          OPTIONS.filter((option) => option.subject === subject).map(({ key }) => key),
        );
        for (const { because } of verdicts) expect(because.length).toBeGreaterThan(0);
        const more = compareOptions(subject, {
          ...answers,
          peakEventsPerSecond: answers.peakEventsPerSecond * 2,
          retentionDays: answers.retentionDays * 2,
          stateGb: answers.stateGb * 2,
        });
        for (const [index, verdict] of more.entries()) {
          if (verdict.remains) expect(verdicts[index]?.remains).toBe(true);
        }
      }),
    );
  });

  it('assumes what was answered', () => {
    expect(assumptionsOf('log', SMALL)).toEqual({ peakEventsPerSecond: 500, retentionDays: 7 });
    expect(assumptionsOf('engine', SMALL)).toEqual({
      peakEventsPerSecond: 500,
      stateGb: 2,
      freshnessSeconds: 1,
    });
  });
});
