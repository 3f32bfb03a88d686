import type { JsonObject } from '@/server/core/json';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';
import { type CustomerEvent, EVENT_TYPES, type EventType } from '@/server/event-log';
import { maySignal, readSignals, type SignalSeen } from '@/server/privacy';
import { checkCommerce } from './commerce-rules';
import { segmentDedupKey } from './dedup-key';
import { findComplexity, findUnsafe, WHOLE_EVENT } from './event-shape';
import { eventTime, NEEDS_TIME, parseTime, skewOf } from './event-time';
import { keyText } from './key-text';
import { MAX_EVENT_BYTES, MAX_NAME_LENGTH } from './limits';
import { platformOf } from './platform-detection';
import { Refusal, refuse } from './refusal';
import { checkTranscript } from './transcript-rules';

/** What holds for all events of one request. */
export interface RequestFacts {
  sourceId: string;
  /** platform set by the source; null: told by the events */
  sourcePlatform: string | null;
  userAgent: string;
  receivedAt: number;
  /** the batch's own `sentAt`, unchecked */
  sentAt: unknown;
  /** the text holds escapes or names that need a closer look (`needsInspection`) */
  inspect: boolean;
  /** the body is large enough for one event to exceed its limit */
  measure: boolean;
  traceparent: string | undefined;
  /** the request said `Sec-GPC: 1`, which holds for all its events */
  privacyControl: boolean;
  newId: () => string;
}

/** An event that may be appended, and what repeats of it share. */
export interface TakenEvent {
  event: CustomerEvent;
  dedupKey: string;
  /** consent signals it brought, whatever became of them; absent: none */
  signals?: readonly SignalSeen[];
}

type Call = Record<string, unknown>;

/** Said of an event that names nobody. */
export const NEEDS_CUSTOMER = 'Needs a userId or an anonymousId.';

/**
 * Checks one call of the Segment tracking API and keys it by its customer. This is the hot path: nothing is copied
 * that does not have to be, and the first flaw found is the answer.
 * @param type told by the route; null in a batch, where each call names its own
 */
export function readSegmentCall(
  call: unknown,
  type: EventType | null,
  facts: RequestFacts,
): TakenEvent | Refusal {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) {
    return refuse('invalid', '', 'An event must be a JSON object.');
  }
  const raw = call as Call;
  const flaw = findFlaw(raw, facts);
  if (flaw) return flaw;
  const kind = type ?? EVENT_TYPES.find((known) => known === raw.type);
  if (kind === undefined) return refuse('invalid', 'type', `Must be one of ${EVENT_TYPES.join(', ')}.`);
  const keys = customerKeys(raw, kind);
  if (keys instanceof Refusal) return keys;
  const id = raw.messageId === undefined || raw.messageId === null ? facts.newId() : keyText(raw.messageId);
  if (id === undefined || id === null) {
    return refuse('invalid', 'messageId', `Must be text of 1 to ${MAX_KEY_LENGTH} characters.`);
  }
  const at = timeOf(raw, facts);
  if (typeof at !== 'number') return at;
  const name = nameOf(raw, kind);
  if (typeof name !== 'string') return name;
  const properties = propertiesOf(raw, kind);
  if (properties instanceof Refusal) return properties;
  if (kind === 'track') {
    const wrong = checkCommerce(name, properties) ?? checkTranscript(name, properties);
    if (wrong) return wrong;
  }
  const event: CustomerEvent = {
    k: 'e',
    id,
    c: keys.customer,
    l: keys.link,
    l2: keys.second,
    t: at,
    r: facts.receivedAt,
    s: facts.sourceId,
    y: kind,
    n: name,
    pl: platformOf(facts.sourcePlatform, raw.context, facts.userAgent),
    p: properties as JsonObject,
    tp: facts.traceparent,
  };
  const taken: TakenEvent = { event, dedupKey: segmentDedupKey(id) };
  if (facts.privacyControl || maySignal(raw.context)) addSignals(taken, raw.context, facts.privacyControl);
  return taken;
}

/** What a signal denies travels in the event itself, so that the step which takes the event knows it (ADR 40). */
function addSignals(taken: TakenEvent, context: unknown, privacyControl: boolean): void {
  const { denied, seen } = readSignals(context, privacyControl);
  if (denied !== undefined) taken.event.cs = denied;
  taken.signals = seen;
}

function findFlaw(raw: Call, facts: RequestFacts): Refusal | null {
  // Structure first: what is nested thousands deep cannot even be measured.
  const complex = facts.measure || facts.inspect ? findComplexity(raw, '', WHOLE_EVENT) : null;
  if (complex) return complex;
  if (facts.measure && Buffer.byteLength(JSON.stringify(raw)) > MAX_EVENT_BYTES) {
    return refuse('too_large', '', 'An event may have 32 KB at most.');
  }
  return facts.inspect ? findUnsafe(raw, '') : null;
}

interface CustomerKeys {
  customer: string;
  link?: string | undefined;
  second?: string | undefined;
}

/** The customer: `userId`, else `anonymousId`; and other keys of the same person, if the event names any. */
function customerKeys(raw: Call, kind: EventType): CustomerKeys | Refusal {
  const user = keyText(raw.userId);
  const anonymous = keyText(raw.anonymousId);
  if (user === null) return badKey('userId');
  if (anonymous === null) return badKey('anonymousId');
  if (kind === 'alias') return aliasKeys(raw, user, anonymous);
  const customer = user ?? anonymous;
  if (customer === undefined) return refuse('invalid', 'userId', NEEDS_CUSTOMER);
  if (kind === 'group' && keyText(raw.groupId) === undefined) {
    return refuse('invalid', 'groupId', 'A group call needs a groupId.');
  }
  return anonymous === undefined || anonymous === customer ? { customer } : { customer, link: anonymous };
}

function aliasKeys(
  raw: Call,
  user: string | undefined,
  anonymous: string | undefined,
): CustomerKeys | Refusal {
  const previous = keyText(raw.previousId);
  if (previous === null) return badKey('previousId');
  if (user === undefined) return refuse('invalid', 'userId', 'An alias needs a userId.');
  if (previous === undefined && anonymous === undefined)
    return refuse('invalid', 'previousId', 'An alias needs a previousId.');
  const [link, second] = new Set([previous, anonymous].filter((key) => key !== undefined && key !== user));
  return { customer: user, link, second };
}

function badKey(field: string): Refusal {
  return refuse('invalid', field, `Must be text of 1 to ${MAX_KEY_LENGTH} characters.`);
}

function timeOf(raw: Call, facts: RequestFacts): number | Refusal {
  const stated = raw.timestamp ?? raw.originalTimestamp;
  const at = stated === undefined || stated === null ? facts.receivedAt : parseTime(stated);
  if (Number.isNaN(at)) return refuse('invalid', 'timestamp', NEEDS_TIME);
  const sentAt = raw.sentAt ?? facts.sentAt;
  if (sentAt === undefined || sentAt === null || stated === undefined || stated === null) {
    return eventTime(at, 0, facts.receivedAt);
  }
  const sent = parseTime(sentAt);
  if (Number.isNaN(sent)) return refuse('invalid', 'sentAt', NEEDS_TIME);
  return eventTime(at, skewOf(sent, facts.receivedAt), facts.receivedAt);
}

function nameOf(raw: Call, kind: EventType): string | Refusal {
  if (kind === 'track') {
    const { event } = raw;
    if (typeof event === 'string' && event !== '' && event.length <= MAX_NAME_LENGTH) return event;
    return refuse('invalid', 'event', `Must be text of 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  if (kind !== 'page' && kind !== 'screen') return kind;
  const { name } = raw;
  if (name === undefined || name === null || name === '') return kind;
  if (typeof name === 'string' && name.length <= MAX_NAME_LENGTH) return name;
  return refuse('invalid', 'name', `Must be text of at most ${MAX_NAME_LENGTH} characters.`);
}

function propertiesOf(raw: Call, kind: EventType): Call | Refusal {
  const field = kind === 'identify' || kind === 'group' ? 'traits' : 'properties';
  const given = raw[field];
  if (given === undefined || given === null) return extras({}, raw, kind);
  if (typeof given !== 'object' || Array.isArray(given)) {
    return refuse('invalid', field, 'Must be a JSON object.');
  }
  const complex = findComplexity(given, field);
  return complex ?? extras(given as Call, raw, kind);
}

function extras(properties: Call, raw: Call, kind: EventType): Call {
  if (kind === 'group') return { ...properties, groupId: keyText(raw.groupId) ?? '' };
  if (
    (kind === 'page' || kind === 'screen') &&
    typeof raw.category === 'string' &&
    !('category' in properties)
  ) {
    return { ...properties, category: raw.category };
  }
  return properties;
}
