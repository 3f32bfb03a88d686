import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@/server/core/clock';
import { Fault } from '@/server/core/fault';
import { originForm } from '@/server/core/request-target';
import { TokenBucket } from '@/server/core/token-bucket';
import type { EventLog } from '@/server/event-log';
import type { SourceIdentity } from '@/server/identity';
import { type OpenSpan, startSpan, tracingIsOn } from '@/server/observability';
import type { SignalCounts } from '@/server/privacy';
import {
  type Answer,
  allRefused,
  problem,
  send,
  sendPreflight,
  taken,
  wholeTooLarge,
  wrongMethod,
} from './answer';
import { browserSettings } from './browser-settings';
import type { CollectorMetrics } from './collector-metrics.connector';
import type { DebuggerFeed } from './debugger-feed';
import { needsInspection } from './event-shape';
import { Flusher } from './flusher';
import { contentsOf, needsMeasuring, type Sorted, sortBody, sortEvents } from './reading';
import { Refusal, refuse } from './refusal';
import { bodyText, readBody } from './request-body';
import { type Route, routeOf } from './routes';
import type { RequestFacts } from './segment-call';
import { writeKeyInside, writeKeyOfHeader } from './write-key';

const LINGER_MS = { least: 4, most: 20 };
const FULL_FLUSH_EVENTS = 400;
const MAX_FLUSHES_IN_FLIGHT = 3;
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether more of a workspace may be taken in while its processors are behind. */
export interface Admission {
  /** 0 when a request of so many bytes may pass, else the seconds after which to try again. */
  ask(source: SourceIdentity, bytes: number): number;
  /** Counts the events of a request that has passed. */
  took(shardId: number, events: number): void;
}

export interface CollectorOptions {
  log: EventLog;
  admission: Admission;
  /** The source of a write key; null when unknown or revoked. Throws Fault `unavailable` when it cannot tell. */
  findSource: (writeKey: string) => Promise<SourceIdentity | null>;
  /** Encrypts a refused event under its workspace. */
  seal: (plain: string, workspaceId: string) => string;
  debuggerFeed: DebuggerFeed;
  signalCounts: SignalCounts;
  metrics: CollectorMetrics;
  now: Clock;
  /** Whether clients reach it by TLS, unless a proxy says otherwise. */
  secure: boolean;
  /** Told of errors that are ours. */
  onError: (error: unknown) => void;
}

export interface Collector {
  listener: RequestListener;
  /** Resolves when everything that was taken in is answered. */
  drain(): Promise<void>;
}

interface Call {
  request: IncomingMessage;
  path: string;
  query: URLSearchParams;
  span: OpenSpan | undefined;
}

/** The collector as a request listener: authenticate, validate, append, and only then answer. */
export function createCollector(options: CollectorOptions): Collector {
  const { metrics, now } = options;
  const buckets = new Map<string, { bucket: TokenBucket; perSecond: number }>();
  const flusher = new Flusher({
    log: options.log,
    lingerMs: LINGER_MS,
    fullEvents: FULL_FLUSH_EVENTS,
    maxInFlight: MAX_FLUSHES_IN_FLIGHT,
    maxPendingBytes: MAX_PENDING_BYTES,
    onFlush: (events, seconds) => {
      metrics.flushed(events, seconds);
      metrics.pending(flusher.pendingBytes);
    },
  });

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'OPTIONS') return sendPreflight(response);
    const started = performance.now();
    const span = tracingIsOn() ? requestSpan(request) : undefined;
    answerTo(request, span)
      .catch((error: unknown) => faultAnswer(error, options.onError))
      .then((answer) => {
        send(response, answer);
        metrics.answered(answer.status, (performance.now() - started) / 1_000);
        span?.end({ 'http.response.status_code': answer.status });
      });
  };

  async function answerTo(request: IncomingMessage, span: OpenSpan | undefined): Promise<Answer> {
    const call = callOf(request, span);
    const route = routeOf(call.path);
    if (route === null) return problem(404, 'Not found', `There is nothing at ${call.path.slice(0, 200)}.`);
    if (route.kind === 'settings') {
      // Of a HEAD Node sends the headers only.
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      return isRead ? settingsAnswer(route.writeKey, request) : wrongMethod('GET');
    }
    return request.method === 'POST' ? collect(route, call) : wrongMethod('POST');
  }

  async function settingsAnswer(writeKey: string, request: IncomingMessage): Promise<Answer> {
    if ((await options.findSource(writeKey)) === null) return unknownKey();
    const forwarded = request.headers['x-forwarded-proto'];
    const address = {
      host: request.headers.host ?? 'localhost',
      secure: forwarded === undefined ? options.secure : forwarded === 'https',
    };
    return { status: 200, body: browserSettings(writeKey, address), contentType: 'application/json' };
  }

  async function collect(route: Exclude<Route, { kind: 'settings' }>, call: Call): Promise<Answer> {
    const { headers } = call.request;
    const headerKey = writeKeyOfHeader(headers.authorization);
    const packed = await readBody(call.request);
    const receivedAt = now();
    // Refused before anything is unpacked or parsed: whoever is flooded has no time for that.
    const early = headerKey === null ? null : await admit(headerKey, packed.length);
    if (early && 'status' in early) return early;
    const read = await readText(packed, headers['content-encoding']);
    const text = read instanceof Refusal ? packed.toString('latin1') : read;
    const contents =
      read instanceof Refusal ? read : contentsOf(route, read, headers, call.query, receivedAt);
    const source = early ?? (await admit(writeKeyInside(text, contents instanceof Refusal), packed.length));
    if ('status' in source) return source;
    if (contents instanceof Refusal && contents.reason === 'too_large') return wholeTooLarge(contents);
    const count = contents instanceof Refusal ? 1 : contents.events.length;
    const waitMs = bucketOf(source, receivedAt).take(count, receivedAt);
    if (waitMs > 0) return tooFast(source, waitMs);
    options.admission.took(source.shardId, count);
    if (contents instanceof Refusal) {
      return finish(source, sortBody(text, contents, source, receivedAt, options.seal), packed.length);
    }
    const facts: RequestFacts = {
      sourceId: source.sourceId,
      sourcePlatform: source.platform,
      userAgent: headers['user-agent'] ?? '',
      receivedAt,
      sentAt: contents.sentAt,
      inspect: contents.fromOutside === true || needsInspection(text),
      measure: needsMeasuring(text),
      traceparent: call.span ? call.span.traceparent : sampledTrace(headers.traceparent),
      privacyControl: headers['sec-gpc'] === '1',
      newId: randomUUID,
    };
    return finish(source, sortEvents(contents, { route, source, facts, seal: options.seal }), packed.length);
  }

  /** The source of a write key, or what it is answered when there is none, or when no more of it may come in now. */
  async function admit(writeKey: string | null, bytes: number): Promise<SourceIdentity | Answer> {
    const source = writeKey === null ? null : await options.findSource(writeKey);
    if (source === null) return unknownKey();
    const waitSeconds = options.admission.ask(source, bytes);
    if (waitSeconds === 0) return source;
    metrics.shed(bytes);
    return tooFarBehind(waitSeconds);
  }

  async function finish(source: SourceIdentity, sorted: Sorted, bytes: number): Promise<Answer> {
    const duplicates = await flusher.add(source.shardId, sorted.appends, sorted.deadLetters, bytes);
    if (sorted.taken.length > 0) metrics.taken(sorted.taken.length, duplicates.length);
    for (const { refusal } of sorted.refused) metrics.refused(refusal.reason);
    if (sorted.signals !== undefined) options.signalCounts.seen(source.workspaceId, sorted.signals);
    tellDebugger(source, sorted, duplicates);
    return sorted.taken.length === 0
      ? allRefused(sorted.refused)
      : taken(sorted.taken.length, sorted.refused);
  }

  function tellDebugger(source: SourceIdentity, sorted: Sorted, duplicates: readonly number[]): void {
    const at = now();
    const { shardId, sourceId } = source;
    for (const [index, { refusal }] of sorted.refused.entries()) {
      if (!options.debuggerFeed.wants(shardId, at)) return;
      const letter = sorted.deadLetters[index];
      options.debuggerFeed.tell(shardId, at, {
        sourceId,
        outcome: 'refused',
        type: '',
        name: '',
        customer: '',
        messageId: letter?.id ?? '',
        refusal,
        event: letter?.sample ?? '',
      });
    }
    const [first] = sorted.taken;
    // One of a request stands for all: the debugger is for looking, not for counting.
    if (first === undefined || !options.debuggerFeed.wants(shardId, at)) return;
    const { event } = first;
    options.debuggerFeed.tell(shardId, at, {
      sourceId,
      outcome: duplicates.includes(0) ? 'duplicate' : 'taken',
      type: event.y,
      name: event.n,
      customer: event.c,
      messageId: event.id,
      event: event.p,
    });
  }

  function bucketOf({ sourceId, eventsPerSec }: SourceIdentity, at: number): TokenBucket {
    const known = buckets.get(sourceId);
    if (known?.perSecond === eventsPerSec) return known.bucket;
    const bucket = new TokenBucket(eventsPerSec, at);
    buckets.set(sourceId, { bucket, perSecond: eventsPerSec });
    return bucket;
  }

  return { listener, drain: () => flusher.drain() };
}

/** A body that cannot be unpacked or is not UTF-8 is refused like any other bad input. */
async function readText(packed: Buffer, encoding: string | undefined): Promise<string | Refusal> {
  try {
    return await bodyText(packed, encoding);
  } catch (error) {
    if (error instanceof Fault && error.code === 'bad_request')
      return refuse('malformed', '', error.publicMessage);
    throw error;
  }
}

const NO_QUERY = new URLSearchParams();

function callOf(request: IncomingMessage, span: OpenSpan | undefined): Call {
  const url = originForm(request.url ?? '/');
  const mark = url.indexOf('?');
  if (mark < 0) return { request, path: url, query: NO_QUERY, span };
  return { request, path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)), span };
}

/** The request as a hop of the sender's trace, or the first of its own. Its address may hold a key: it is left out. */
function requestSpan({ method = '', headers }: IncomingMessage): OpenSpan | undefined {
  const { traceparent } = headers;
  const parent = typeof traceparent === 'string' ? traceparent : undefined;
  return startSpan('collect', { parent, kind: 'SERVER', attributes: { 'http.request.method': method } });
}

function sampledTrace(traceparent: string | string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  return (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1 ? traceparent : undefined;
}

function unknownKey(): Answer {
  return problem(
    401,
    'Unknown write key',
    'Send a write key that is in use, as the user of basic auth or as bearer.',
  );
}

function tooFast(source: SourceIdentity, waitMs: number): Answer {
  const detail = `This write key may send ${source.eventsPerSec} events a second.`;
  return problem(429, 'Too many events', detail, {}, Math.max(1, Math.ceil(waitMs / 1_000)));
}

function tooFarBehind(waitSeconds: number): Answer {
  const detail = 'More comes in than is processed. Nothing of this was taken: send it again.';
  return problem(429, 'Too many events', detail, {}, waitSeconds);
}

function faultAnswer(error: unknown, onError: (error: unknown) => void): Answer {
  const code = error instanceof Fault ? error.code : 'internal';
  const text = error instanceof Fault ? error.publicMessage : 'Nothing was taken. Send it again.';
  if (code === 'bad_request') return problem(400, 'Bad request', text);
  if (code === 'too_large') return problem(413, 'Too large', text);
  if (code === 'unavailable') return problem(503, 'Not available at the moment', text, {}, 1);
  onError(error);
  return problem(500, 'Something went wrong here', text);
}
