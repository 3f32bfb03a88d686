import type { IncomingHttpHeaders } from 'node:http';
import { cloudEventDedupKey } from './dedup-key';
import { parseJsonText } from './json-text';
import { Refusal, refuse } from './refusal';
import { type RequestFacts, readSegmentCall, type TakenEvent } from './segment-call';

/** What a CloudEvent of any content mode comes to, unchecked. */
export type CloudEvent = Record<string, unknown>;

const PREFIX = 'ce-';

/** A CloudEvent in binary mode: attributes are headers, data is the body. */
export function binaryCloudEvent(headers: IncomingHttpHeaders, body: string): CloudEvent | Refusal {
  const event: CloudEvent = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(PREFIX) && typeof value === 'string')
      event[name.slice(PREFIX.length)] = decoded(value);
  }
  const type = headers['content-type'] ?? 'application/json';
  if (body === '') return event;
  if (!/[/+]json(;|$)/i.test(type)) return { ...event, data: { text: body } };
  try {
    return { ...event, data: parseJsonText(body) };
  } catch {
    return refuse('malformed', 'data', 'The data is not JSON, as its content type says.');
  }
}

/** Header values carry other than ASCII percent-encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * Takes a CloudEvents 1.0 event: `type` is the name, `subject` (or `data.userId`, `data.anonymousId`) the customer,
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
  const taken = readSegmentCall(callOf(event), 'track', { ...facts, sentAt: undefined });
  if (taken instanceof Refusal) return inWordsOfCloudEvents(taken);
  return { ...taken, dedupKey: cloudEventDedupKey(String(event.source), String(event.id)) };
}

function callOf(event: CloudEvent): Record<string, unknown> {
  const { data } = event;
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const properties = isObject ? (data as Record<string, unknown>) : looseData(event);
  const call: Record<string, unknown> = {
    messageId: event.id,
    event: event.type,
    userId: present(event.subject) ?? present(properties.userId),
    anonymousId: properties.anonymousId,
    timestamp: event.time,
    properties,
  };
  if (isObject && 'context' in properties) call.context = properties.context;
  return call;
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

function inWordsOfCloudEvents({ reason, field, detail }: Refusal): Refusal {
  const [head = '', ...rest] = field.split('.');
  const named = [FIELDS[head] ?? head, ...rest].join('.');
  const text = named === 'subject' ? 'Needs a subject, data.userId or data.anonymousId.' : detail;
  return refuse(reason, named, text);
}
