import { describe, expect, it } from 'vitest';
import type { ComparedPartition } from '@/server/history/equivalence/equivalence.schema';
import { factsInWords, statesInWords, verdictInWords } from './equivalence-words';

const SAME = { customers: 139, recomputed: 132, equal: 139, different: 0, parts: {}, examples: [] };
const OTHER = { ...SAME, equal: 136, different: 3, parts: { visits: 2, carts: 1 } };

function compared(part: Partial<ComparedPartition>): ComparedPartition {
  return {
    shardId: 1,
    region: 'local',
    partition: 48,
    drawn: 'busy',
    verdict: 'equivalent',
    reason: null,
    offset: null,
    snapshotAt: null,
    records: 0,
    replayMs: null,
    runningMsPerRecord: null,
    states: null,
    facts: null,
    ...part,
  };
}

describe('an equivalence report in words', () => {
  it('says of how many partitions it speaks, since some may not be compared', () => {
    const partitions = [compared({ states: SAME }), compared({ verdict: 'notCompared' })];
    expect(verdictInWords({ partitions })).toBe('1 of 2 partitions compared');
  });

  it('names what differs', () => {
    const partitions = [compared({ verdict: 'differs', states: OTHER })];
    expect(verdictInWords({ partitions })).toBe('1 of 1 partition compared; what differs: visits 2, carts 1');
    expect(statesInWords(OTHER)).toBe('139, 3 different (visits 2, carts 1); 132 of them replayed');
    expect(statesInWords(SAME)).toBe('139, all the same; 132 of them replayed');
  });

  it('sets facts beside what is published only where the two are not the same', () => {
    expect(factsInWords({ thisBuild: 349, running: 349, different: 0, kinds: {} })).toBe(
      '349, the same as published',
    );
    expect(factsInWords({ thisBuild: 351, running: 349, different: 2, kinds: { visit: 2 } })).toBe(
      '351 against 349 published; different: visit 2',
    );
  });
});
