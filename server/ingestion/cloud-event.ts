import type { IncomingHttpHeaders } from 'node:http';
import { cloudEventDedupKey } from './dedup-key';
import { isFields, parseJsonText } from './json-text';
import { Refusal, refuse } from './refusal';
import { NEEDS_CUSTOMER, type RequestFacts, readSegmentCall, type TakenEvent } from './segment-call';

/** What a CloudEvent of any content mode comes to, unchecked. */
export type CloudEvent = Record<string, unknown>;

const PREFIX = 'ce-';
const JSON_TYPE = /[/+]json *(;|$)/i;

/** A CloudEvent in binary mode: attributes are headers, data is the body. */
export function binaryCloudEvent(headers: IncomingHttpHeaders, body: string): CloudEvent | Refusal {
  const event: CloudEvent = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(PREFIX) && typeof value === 'string')
      event[name.slice(PREFIX.length)] = decoded(value);
  }
  const type = headers['content-type'] ?? 'application/json';
  if (body === '') return event;
  if (!JSON_TYPE.test(type)) return { ...event, data: { text: body } };
  try {
    return { ...event, data: parseJsonText(body) };
  } catch {
    return refuse('malformed', 'data', 'The data is not JSON, as its content type says.');
  }
}

/** Header values may stand in quotes, and carry other than ASCII percent-encoded (HTTP binding 1.0.2, section 3.1.3.2). */
function decoded(value: string): string {
  const [, quoted] = /^"(.*)"$/.exec(value) ?? [];
  const plain = quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/**
 * Takes a CloudEvents 1.0 event: `type` is the name, `data.userId` the customer, else `subject`, else `data.anonymousId`;
 * `source` and `id` together what repeats, `time` the event time, `data` the properties.
 */
export function readCloudEvent(given: unknown, facts: RequestFacts): TakenEvent | Refusal {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse('invalid', '', 'An event must be a JSON object.');
  }
  const event = given as CloudEvent;
  if (event.specversion !== '1.0') return refuse('invalid', 'specversion', 'Must be 1.0.');
  for (const field of ['id', 'source', 'type']) {
    const value = event[field];
    if (typeof value !== 'string' || value === '')
      return refuse('invalid', field, 'Must be text, and not empty.');
  }
  for (const field of ['time', 'subject']) {
    const value = event[field];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      return refuse('invalid', field, 'Must be text.');
    }
  }
  const data = dataOf(event);
  const properties = isFields(data) ? data : looseData(event);
  const call = callOf(event, properties);
  const taken = readSegmentCall(call, 'track', { ...facts, sentAt: undefined });
  if (taken instanceof Refusal) return inWordsOfCloudEvents(taken, present(properties.userId) !== undefined);
  return { ...taken, dedupKey: cloudEventDedupKey(String(event.source), String(event.id)) };
}

function callOf(event: CloudEvent, properties: Record<string, unknown>): Record<string, unknown> {
  return {
    messageId: event.id,
    event: event.type,
    // A subject may be an order or a page: who is named as the user is the customer.
    userId: present(properties.userId) ?? present(event.subject),
    anonymousId: properties.anonymousId,
    timestamp: event.time,
    context: properties.context,
    properties,
  };
}

/** The data; where it came as bytes that are JSON by their type, what they say. */
function dataOf({ data, data_base64: bytes, datacontenttype: type }: CloudEvent): unknown {
  const isJson = type === undefined || (typeof type === 'string' && JSON_TYPE.test(type));
  if (data !== undefined || typeof bytes !== 'string' || !isJson) return data;
  try {
    return parseJsonText(Buffer.from(bytes, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

function looseData({ data, data_base64: bytes }: CloudEvent): Record<string, unknown> {
  if (data !== undefined && data !== null) return { data };
  return typeof bytes === 'string' ? { data_base64: bytes } : {};
}

function present(value: unknown): unknown {
  return value === '' || value === null ? undefined : value;
}

const FIELDS: Readonly<Record<string, string>> = {
  messageId: 'id',
  event: 'type',
  userId: 'subject',
  anonymousId: 'data.anonymousId',
  timestamp: 'time',
  properties: 'data',
};

function inWordsOfCloudEvents({ reason, field, detail }: Refusal, namesUser: boolean): Refusal {
  const [head = '', ...rest] = field.split('.');
  const known = head === 'userId' && namesUser ? 'data.userId' : FIELDS[head];
  const named = [known ?? head, ...rest].join('.');
  const text = detail === NEEDS_CUSTOMER ? 'Needs a subject, data.userId or data.anonymousId.' : detail;
  return refuse(reason, named, text);
}
