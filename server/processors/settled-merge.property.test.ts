import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import type { PartitionPump } from './partition-pump';
import { event, pumpOf } from './pump-fixtures';

const PARTITIONS = 4;
const USER = 'user';
/** Another key of the same person, which lives in another partition. */
const ANONYMOUS = 'anonymous-1';
const LONG_GAP_MS = MINUTE_MS;
const NAMES = ['Product Added', 'Product Added', 'Product Viewed', 'Product Removed', 'Order Completed'];

/** Half an hour and more of a person under two keys: long past the lateness, and far more than what slack is kept for. */
const person = fc.array(
  fc.record({
    gap: fc.oneof(
      { weight: 60, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(9 * MINUTE_MS, 31 * MINUTE_MS) },
    ),
    name: fc.constantFrom(...NAMES),
    item: fc.constantFrom('p1', 'p2'),
    isUser: fc.boolean(),
    /** so far behind is the other partition at most, in events of this person */
    lag: fc.nat(8),
  }),
  { minLength: 300, maxLength: 500, size: 'max' },
);
type Happening = typeof person extends fc.Arbitrary<(infer T)[]> ? T : never;

function eventsOf(happenings: readonly Happening[], linkAt: number): CustomerEvent[] {
  let minute = 0;
  let isLinked = false;
  return happenings.map(({ gap, name, item, isUser }, index) => {
    minute += gap / MINUTE_MS;
    const links = isUser && !isLinked && index >= linkAt;
    if (links) isLinked = true;
    const p = { product_id: item, price: '2.5', quantity: 1, total: '3' };
    return event(name, minute, p, { c: isUser ? USER : ANONYMOUS, ...(links ? { l: ANONYMOUS } : {}) });
  });
}

/** Each partition is behind by as many events as drawn, though not across a long silence. */
function runBehind(events: readonly CustomerEvent[], happenings: readonly Happening[]): PartitionPump {
  const pump = pumpOf({ partitions: PARTITIONS });
  pump.cold = true;
  const owed = new Array<number>(PARTITIONS).fill(0);
  events.forEach((one, index) => {
    const { lag = 0, gap = 0 } = happenings[index] ?? {};
    if (gap > LONG_GAP_MS) pump.drain();
    pump.append(one);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      owed[partition] = (owed[partition] ?? 0) + 1;
      const isBehind = partition === partitionOf(ANONYMOUS, PARTITIONS) ? lag > 0 : index % 7 === 3;
      if (isBehind && (owed[partition] ?? 0) < 8) continue;
      owed[partition] = 0;
      while (pump.run(partition));
    }
  });
  return pump.drain();
}

/** Without whose: an order that came before the keys met stands under the key it came under. */
function factsOf(pump: PartitionPump): string[] {
  return pump
    .facts()
    .map(({ kind, at, amount }) => `${at} ${kind} ${amount ?? ''}`)
    .sort();
}

describe('two keys that meet when much of both is settled', () => {
  it('come to the same, whichever partition is behind', () => {
    fc.assert(
      fc.property(person, fc.integer({ min: 100, max: 290 }), (happenings, linkAt) => {
        const events = eventsOf(happenings, linkAt);
        const prompt = pumpOf({ partitions: PARTITIONS });
        for (const one of events) {
          prompt.append(one);
          prompt.drain();
        }
        const behind = runBehind(events, happenings);
        expect(behind.digest()).toBe(prompt.digest());
        expect(factsOf(behind)).toEqual(factsOf(prompt));
      }),
      { seed: 20260301, numRuns: 150, endOnFailure: true },
    );
  });

  it('lie in two partitions here', () => {
    expect(partitionOf(USER, PARTITIONS)).not.toBe(partitionOf(ANONYMOUS, PARTITIONS));
  });
});
