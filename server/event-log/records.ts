import type { JsonObject } from '@/server/core/json';

/**
 * What a partition's log holds. One stream entry packs many records of one partition, in the order they were taken:
 * field `r` is a JSON array of LogRecord, field `n` the cumulative number of customer events in the partition after
 * it. A record's position is `<entry id>/<index in the array>`. Keys are short because every event carries them.
 */
export type LogRecord =
  | CustomerEvent
  | DuplicateRecord
  | TransferRecord
  | LinkRecord
  | TickRecord
  | ConsentRecord;

export const PLATFORMS = ['web', 'ios', 'android', 'server', 'store', 'device'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const EVENT_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing a customer did, validated and keyed. */
export interface CustomerEvent {
  k: 'e';
  /** message id, unique per source */
  id: string;
  /** customer key: userId, else anonymousId */
  c: string;
  /** another key of the same person: anonymousId beside a userId, or an alias's previousId */
  l?: string;
  /** one more, only beside `l`: the anonymousId that browsers send with an alias */
  l2?: string;
  /** event time, ms since the epoch (already corrected for clock skew) */
  t: number;
  /** receipt at the collector, ms */
  r: number;
  /** id of the source (the write key's record) */
  s: string;
  y: EventType;
  /** digest of what repeats, where that is not the message id, such as a CloudEvent's source and id (see `repeatKey`) */
  rk?: string;
  /** consent signals that came with it: of each kind the purposes it denies, none when it allows all (ADR 40) */
  cs?: Record<string, string[]>;
  /** event name for track; page or screen name; else the type */
  n: string;
  pl: Platform;
  /** properties of track, page and screen; traits of identify and group */
  p: JsonObject;
  /** W3C traceparent of the request, when sampled */
  tp?: string;
}

/** The other keys of the same person that came with an event. */
export function namedKeysOf({ l, l2 }: Pick<CustomerEvent, 'l' | 'l2'>): string[] {
  return [l, l2].filter((key) => key !== undefined);
}

/** A repeat that was suppressed at the door; kept so that attempts can be looked up. */
export interface DuplicateRecord {
  k: 'd';
  id: string;
  c: string;
  t: number;
  r: number;
  s: string;
}

/** From the partition that saw two keys together: `from` (which lives here) belongs to `to` from now on. */
export interface LinkRecord {
  k: 'l';
  from: string;
  to: string;
  /** event time of the event that linked them */
  t: number;
  /** an opt-out travels with the link: it covers every linked key */
  optedOut?: boolean;
  origin: Origin;
}

/** The history of `from`, moved to the customer `to`; or single events of a key that was linked before they came. */
export interface TransferRecord {
  k: 't';
  from: string;
  to: string;
  /** serialised keyed state of `from`, as the processors wrote it; absent for forwarded events */
  state?: JsonObject;
  /** with a history: time of the event that linked the two, ms */
  at?: number;
  /** forwarded events, judged for lateness where they arrived first */
  events?: CustomerEvent[];
  /** the events were too late where they arrived: orders still count for RFM, nothing else does */
  late?: true;
  optedOut?: boolean;
  origin: Origin;
}

/** Effect key of a cross-partition record: delivered at least once, applied once, in order per source partition. */
export interface Origin {
  partition: number;
  /** 1, 2, 3 … per source partition and target */
  seq: number;
  /** partitions it has passed through, against circles */
  hops: number;
}

/** The clock as an input: fires timers due by `t` in a drained partition. Logged, so that a replay closes the same. */
export interface TickRecord {
  k: 'c';
  t: number;
  epoch: number;
}

/** A change of consent, in log order; the flags themselves were set before, atomically with the version. */
export interface ConsentRecord {
  k: 'o';
  c: string;
  denied: string[];
  t: number;
}

/** Why an event was refused, or could not be processed, once it is known where it came from. */
export const DEAD_LETTER_REASONS = [
  'malformed',
  'invalid',
  'too_large',
  'too_complex',
  'unsafe_text',
  'unsafe_key',
  'future',
  'processor',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/**
 * One refused event, durable in `{s.dl}:log` before it is answered. Entries pack them as the partitions do: field `r`
 * is a JSON array of these, `n` the number so far; a position is `<entry id>/<index in the array>`.
 */
export interface DeadLetterRecord {
  k: 'x';
  /** source id */
  s: string;
  /** message id, when one could be read */
  id?: string;
  /** digest of what a retry of it repeats (source, message id, reason, field); absent without a message id */
  rk?: string;
  reason: DeadLetterReason;
  /** where in the event, such as `properties.price` */
  field?: string;
  /** one plain sentence */
  detail: string;
  /** masked text of what arrived, at most 2,000 characters */
  sample: string;
  /** the event itself, sealed for a replay after a fix: base64; absent when too large to keep */
  sealed?: string;
  /** event time when it could be read, else receipt, ms */
  t: number;
  /** receipt at the collector, ms */
  r: number;
}
