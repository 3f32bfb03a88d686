import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import { namedKeysOf } from '@/server/event-log/records';
import {
  check,
  customerEvent,
  END,
  factsByOracle,
  history,
  shown,
  shuffled,
  type Timed,
} from './history-fixture';
import { pumpOf } from './pump-fixtures';

describe('one customer under several keys', () => {
  const KEYS = ['user', 'anon-1', 'anon-2'];

  it('has the same totals as under one key, in any interleaving of partitions', () => {
    check(
      fc.property(
        history,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat(7)),
        fc.array(fc.nat(39), { minLength: 2, maxLength: 2 }),
        (events, partitions, choices, links) => {
          const pump = pumpOf({ partitions });
          const keyed = events.map((one) => customerEvent(one, KEYS[one.key] ?? 'user'));
          KEYS.slice(1).forEach((anonymous, index) => {
            // Some event of the user names the anonymous key; when there is none, the last one is made to.
            const own = keyed.filter((event) => event.c === 'user');
            const link = own[(links[index] ?? 0) % Math.max(1, own.length)];
            if (link !== undefined) link[link.l === undefined ? 'l' : 'l2'] = anonymous;
          });
          const linked = new Set(keyed.flatMap(namedKeysOf));
          // A key that nobody links stays a person apart: it is left out of this comparison.
          const together = keyed.filter((event) => event.c === 'user' || linked.has(event.c));
          const order = shuffled(events).flatMap((one) =>
            together.filter((event) => event.id === one.messageId),
          );
          for (const event of order) {
            pump.append(event);
            for (const choice of choices) {
              if (choice >= partitions) break;
              pump.run(choice);
            }
          }
          pump.drain().tick(END);
          const kept = events.filter((one) => together.some((event) => event.id === one.messageId));
          expect(shown(pump.facts())).toEqual(factsByOracle(kept));
          for (const fact of pump.facts().filter(({ kind }) => kind !== 'order' && kind !== 'refund')) {
            expect(fact.customer).toBe('user');
          }
          const live = pump.sets.reduce((sum, set) => sum + (set.aggregates.gauges.liveVisits ?? 0), 0);
          expect(live).toBe(0);
        },
      ),
    );
  });

  it('merges to the same whichever of two keys is the customer', () => {
    const [a, b] = ['k1', 'k2'];
    check(
      fc.property(history, fc.integer({ min: 1, max: 3 }), (events, partitions) => {
        const digests = [
          [a, b],
          [b, a],
        ].map(([user = '', anonymous = '']) => {
          const pump = pumpOf({ partitions });
          for (const one of events) pump.append(customerEvent(one, one.key === 0 ? user : anonymous));
          const last = events.at(-1) as Timed;
          const link = customerEvent({ ...last, name: 'Home', messageId: '999999' }, user);
          pump.append({ ...link, l: anonymous });
          pump.drain().tick(END);
          const { w: _w, lk: _lk, pc: _pc, ...kept } = pump.state(user) as JsonObject;
          expect(partitionOf(user, partitions)).toBeLessThan(partitions);
          return JSON.stringify(kept);
        });
        expect(digests[0]).toBe(digests[1]);
      }),
    );
  });
});
