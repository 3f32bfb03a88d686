import type { DeadLetterReason } from '@/server/event-log';

/** Why one event is not taken. A class, so that it cannot be confused with anything an event brings. */
export class Refusal {
  constructor(
    readonly reason: DeadLetterReason,
    /** where in the event, such as `properties.price`; empty: the event itself */
    readonly field: string,
    /** one plain sentence */
    readonly detail: string,
  ) {}
}

export function refuse(reason: DeadLetterReason, field: string, detail: string): Refusal {
  return new Refusal(reason, field, detail);
}
