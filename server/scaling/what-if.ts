import { partitionOf } from '@/server/core/partition';
import { skewIndex } from './skew';
import type { Spreading, WhatIf, WhatIfInput } from './what-if.schema';

/** Events of a sample with the same customer and the same value of the key that is tried. */
export interface SampledGroup {
  customer: string;
  value: string;
  events: number;
}

/**
 * What another number of partitions, or another key, would do with a sample of real events: each is hashed again, by the
 * same function that chooses partitions in production. Pure.
 */
export function whatIf(
  groups: readonly SampledGroup[],
  present: number,
  { partitions, key }: WhatIfInput,
): Omit<WhatIf, 'from' | 'to' | 'sampledEvents'> {
  const now = new Array<number>(present).fill(0);
  const tried = new Array<number>(partitions).fill(0);
  const values = new Map<string, number>();
  const places = new Map<string, Set<number>>();
  let total = 0;
  for (const { customer, value, events } of groups) {
    const target = partitionOf(value, partitions);
    add(now, partitionOf(customer, present), events);
    add(tried, target, events);
    values.set(value, (values.get(value) ?? 0) + events);
    const known = places.get(customer) ?? new Set();
    places.set(customer, known.add(target));
    total += events;
  }
  const split = [...places.values()].filter(({ size }) => size > 1).length;
  const moved = [...places].filter(
    ([customer, targets]) => !targets.has(partitionOf(customer, present)) || targets.size > 1,
  );
  const share = (count: number) => (places.size === 0 ? 0 : count / places.size);
  return {
    customers: places.size,
    now: spreading(now, total),
    tried: spreading(tried, total),
    heaviestShare: total === 0 ? 0 : Math.max(0, ...values.values()) / total,
    splitCustomers: key === 'customer' ? 0 : share(split),
    movedCustomers: share(moved.length),
  };
}

function add(loads: number[], at: number, events: number): void {
  loads[at] = (loads[at] ?? 0) + events;
}

function spreading(loads: readonly number[], total: number): Spreading {
  return {
    partitions: loads.length,
    shares: loads.map((load) => (total === 0 ? 0 : Number((load / total).toPrecision(4)))),
    skew: skewIndex(loads),
    empty: loads.filter((load) => load === 0).length,
  };
}
