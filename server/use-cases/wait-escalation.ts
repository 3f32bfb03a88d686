import type { Escalation } from '@/server/live/queue-room.schema';
import type { StandingEscalation } from './escalation.repository';

/** What the desk shows of each customer: the furthest step raised to whom, of the wait that began last. Pure. */
export function escalationsByCustomer(
  standing: Iterable<Pick<StandingEscalation, 'customer' | 'waitedSince' | 'percent' | 'to'>>,
): Record<string, Escalation> {
  const found = new Map<string, Escalation>();
  for (const { customer, waitedSince, percent, to } of standing) {
    const before = found.get(customer);
    if (before && before.since > waitedSince) continue;
    const steps = before?.since === waitedSince ? before : { since: waitedSince };
    found.set(customer, { ...steps, [to]: Math.max(percent, steps[to] ?? 0) });
  }
  return Object.fromEntries(found);
}
