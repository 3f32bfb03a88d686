import type { IncomingHttpHeaders } from 'node:http';
import type { AppendEvent, DeadLetterRecord } from '@/server/event-log';
import { encodeEvent } from '@/server/event-log';
import type { SourceIdentity } from '@/server/identity';
import type { SignalSeen } from '@/server/privacy';
import type { RefusedEvent } from './answer';
import { withContext } from './batch-context';
import { binaryCloudEvent, readCloudEvent } from './cloud-event';
import { deadLetterOf, type RefusedForm, type SealedEvent } from './dead-letter';
import { unsafeText } from './event-shape';
import { NEEDS_TIME, parseTime } from './event-time';
import { parseJsonText } from './json-text';
import { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from './limits';
import { Refusal, refuse } from './refusal';
import type { Route } from './routes';
import { type RequestFacts, readSegmentCall, type TakenEvent } from './segment-call';
import { TranscriptShapeError, transcriptCalls } from './transcripts';

/** What a request holds, before any event of it is checked. */
export interface Contents {
  form: RefusedForm;
  events: readonly unknown[];
  /** the batch's own `sentAt` */
  sentAt?: unknown;
  /** Parts of the events stood in the address or in headers: the body alone does not tell what they hold. */
  fromOutside?: true;
}

/** What became of the events of one request. */
export interface Sorted {
  taken: TakenEvent[];
  appends: AppendEvent[];
  refused: RefusedEvent[];
  deadLetters: DeadLetterRecord[];
  /** consent signals of the events taken; absent: none, as of nearly all requests */
  signals?: SignalSeen[];
}

type Query = URLSearchParams;
type EventRoute = Exclude<Route, { kind: 'settings' }>;

/** Parses a body for its route. A refusal concerns the whole body. */
export function contentsOf(
  route: EventRoute,
  text: string,
  headers: IncomingHttpHeaders,
  query: Query,
  now: number,
): Contents | Refusal {
  if (route.kind === 'transcript') return transcriptContents(route.shape, text, query, now);
  const type = headers['content-type'] ?? '';
  if (route.kind === 'cloudevents' && !/^application\/cloudevents/i.test(type)) {
    const event = binaryCloudEvent(headers, text);
    return event instanceof Refusal ? event : { form: 'cloudevent', events: [event], fromOutside: true };
  }
  let body: unknown;
  try {
    body = parseJsonText(text);
  } catch {
    return refuse('malformed', '', 'The body is not JSON.');
  }
  if (route.kind === 'cloudevents')
    return cloudEventContents(body, /^application\/cloudevents-batch/i.test(type));
  return route.kind === 'batch' ? batchContents(body) : { form: 'segment', events: [body] };
}

function batchContents(body: unknown): Contents | Refusal {
  const { batch, sentAt, context } =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (!Array.isArray(batch)) return refuse('malformed', 'batch', 'Must be a list of events.');
  if (batch.length === 0) return refuse('malformed', 'batch', 'Must hold at least one event.');
  const events = tooMany(batch, 'batch') ?? withContext(batch, context);
  return events instanceof Refusal ? events : { form: 'segment', events, sentAt };
}

/** What many of the smallest events come to is bounded too: each may become a dead letter, far larger than itself. */
function tooMany(events: readonly unknown[], field: string): Refusal | null {
  if (events.length <= MAX_BATCH_EVENTS) return null;
  const [most, given] = [MAX_BATCH_EVENTS, events.length].map((count) => count.toLocaleString('en'));
  const detail = `May hold ${most} events at most, and holds ${given}. Nothing of it was taken: send it in parts.`;
  return refuse('too_large', field, detail);
}

function cloudEventContents(body: unknown, batched: boolean): Contents | Refusal {
  if (!batched) return { form: 'cloudevent', events: [body] };
  if (!Array.isArray(body)) return refuse('malformed', '', 'A batch must be a list of events.');
  if (body.length === 0) return refuse('malformed', '', 'Must hold at least one event.');
  return tooMany(body, '') ?? { form: 'cloudevent', events: body };
}

function transcriptContents(
  shape: Extract<Route, { kind: 'transcript' }>['shape'],
  text: string,
  query: Query,
  now: number,
): Contents | Refusal {
  const startedAt = query.get('startedAt');
  const given = startedAt === null ? now : parseTime(startedAt);
  if (Number.isNaN(given)) return refuse('malformed', 'startedAt', NEEDS_TIME);
  const unsafe = unsafeText(text, '');
  if (unsafe) return unsafe;
  const facts = {
    userId: query.get('userId') ?? undefined,
    anonymousId: query.get('anonymousId') ?? undefined,
    contactId: query.get('contactId') ?? undefined,
  };
  try {
    const calls = transcriptCalls(shape, text, { ...facts, startedAt: given });
    if (startedAt !== null) return { form: 'segment', events: calls, fromOutside: true };
    // Without a start the newest turn is now, and the others lie as far before it as they were said.
    const length = Math.max(0, ...calls.map((call) => (call as { timestamp: number }).timestamp - now));
    const shifted = transcriptCalls(shape, text, { ...facts, startedAt: now - length });
    return { form: 'segment', events: shifted, fromOutside: true };
  } catch (error) {
    if (error instanceof TranscriptShapeError) return refuse('malformed', error.field, error.message);
    throw error;
  }
}

export interface SortFacts {
  route: EventRoute;
  source: SourceIdentity;
  facts: RequestFacts;
  seal: (plain: string, workspaceId: string) => string;
}

/** Checks every event: those taken are made ready for the log, those refused become dead letters. */
export function sortEvents(contents: Contents, { route, source, facts, seal }: SortFacts): Sorted {
  const sorted: Sorted = { taken: [], appends: [], refused: [], deadLetters: [] };
  const type = route.kind === 'call' ? route.type : null;
  const { events, form } = contents;
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index];
    const read = form === 'cloudevent' ? readCloudEvent(event, facts) : readSegmentCall(event, type, facts);
    if (!(read instanceof Refusal)) {
      sorted.taken.push(read);
      sorted.appends.push(encodeEvent(read.event, read.dedupKey, source.partitions));
      if (read.signals !== undefined) {
        sorted.signals ??= [];
        sorted.signals.push(...read.signals);
      }
      continue;
    }
    sorted.refused.push({ index, refusal: read });
    const sealed: SealedEvent = { form, event, sentAt: contents.sentAt, ...(type ? { type } : {}) };
    sorted.deadLetters.push(deadLetterOf(read, sealed, letterFacts(source, facts.receivedAt, seal)));
  }
  return sorted;
}

/** A body that could not be taken apart is one dead letter. */
export function sortBody(
  text: string,
  refusal: Refusal,
  source: SourceIdentity,
  receivedAt: number,
  seal: SortFacts['seal'],
): Sorted {
  const letter = deadLetterOf(refusal, { form: 'body', event: text }, letterFacts(source, receivedAt, seal));
  return { taken: [], appends: [], refused: [{ index: 0, refusal }], deadLetters: [letter] };
}

function letterFacts(source: SourceIdentity, receivedAt: number, seal: SortFacts['seal']) {
  return { sourceId: source.sourceId, workspaceId: source.workspaceId, receivedAt, seal };
}

/** Whether a body is large enough for one event in it to exceed the limit of an event. */
export function needsMeasuring(text: string): boolean {
  return text.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(text) > MAX_EVENT_BYTES;
}
