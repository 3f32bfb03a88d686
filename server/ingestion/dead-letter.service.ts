import { isInstant } from '@/server/core/calendar';
import { DAY_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import { FOREIGN_CURSOR } from '@/server/core/page.schema';
import { EVENT_TYPES, type EventLog, encodeEvent } from '@/server/event-log';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import { withContext } from './batch-context';
import { readCloudEvent } from './cloud-event';
import type { SealedEvent } from './dead-letter';
import {
  countByReason,
  type DeadLetterPlace,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
} from './dead-letter.repository';
import type { DeadLetter, DeadLetterFilter } from './dead-letter.schema';
import type { DeadLetterSeal } from './dead-letter-seal.connector';
import { parseTime } from './event-time';
import { isFields, parseJsonText } from './json-text';
import { Refusal } from './refusal';
import { type RequestFacts, readSegmentCall, type TakenEvent } from './segment-call';

const COUNT_SPAN_MS = 7 * DAY_MS;

/** What a replay needs beyond `Deps`. */
export interface ReplayTools {
  log: EventLog;
  seal: DeadLetterSeal;
}

/** A page of refused events, newest first. */
export async function deadLetterPage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: DeadLetterFilter,
): Promise<{ items: DeadLetter[]; cursor: string | null }> {
  const { cursor, limit, reason, sourceId } = filter;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const rows = await listDeadLetters(deps, workspaceId, { reason, sourceId, after, take: limit + 1 });
  const items = rows.slice(0, limit).map((row) => ({
    id: `${row.shardId}:${row.position}`,
    sourceId: row.sourceId,
    messageId: row.messageId,
    reason: row.reason,
    field: row.field,
    detail: row.detail,
    sample: row.sample,
    eventAt: row.eventAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    replayedAt: row.replayedAt?.toISOString() ?? null,
    replayable: row.replayable,
  }));
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last ? `${Date.parse(last.receivedAt)}~${last.id}` : null };
}

function readCursor(cursor: string): DeadLetterPlace & { receivedAt: Date } {
  const cut = cursor.indexOf('~');
  const at = Number(cursor.slice(0, cut));
  const place = placeIn(cursor.slice(cut + 1));
  if (cut < 1 || !isInstant(at) || place === null) {
    throw new Fault('bad_request', 'This cursor is not one of ours.', {
      fields: [{ field: 'cursor', reason: FOREIGN_CURSOR }],
    });
  }
  return { ...place, receivedAt: new Date(at) };
}

/** Null for what is no id of a dead letter. */
function placeIn(id: string): DeadLetterPlace | null {
  const cut = id.indexOf(':');
  const shardId = Number(id.slice(0, cut));
  if (cut < 1 || !Number.isInteger(shardId) || shardId < 0 || shardId > 2 ** 31 - 1) return null;
  return { shardId, position: id.slice(cut + 1) };
}

/** Counts by reason of the last seven days, of those not replayed yet. */
export function deadLetterCounts(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string) {
  return countByReason(deps, workspaceId, new Date(deps.now() - COUNT_SPAN_MS));
}

/**
 * Opens the seal for a person who is to mend the event; audited, since it shows what the sample masks.
 * @returns JSON text of the event
 * @throws Fault `not_found`, or `conflict` when it was too large to be kept
 */
export async function openDeadLetter(
  deps: Deps,
  actor: PersonActor,
  id: string,
  seal: DeadLetterSeal,
): Promise<{ event: string }> {
  const { letter } = await letterOf(deps, actor.workspaceId, id);
  const { event } = unsealed(letter.sealed, actor.workspaceId, seal);
  await writeAudit(deps, {
    workspaceId: actor.workspaceId,
    actorKind: 'person',
    actorId: actor.userId,
    action: 'deadLetter.opened',
    subject: id,
  });
  return { event: typeof event === 'string' ? event : JSON.stringify(event, null, 2) };
}

/**
 * Sends a refused event through the collector's own checks again, as it came or after an edit, and appends it. Doing
 * it twice has one effect: the event keeps its message id.
 * @throws Fault `bad_request` with field and reason when it is refused again
 */
export async function replayDeadLetter(
  deps: Deps,
  actor: PersonActor,
  { id, edited }: { id: string; edited?: string | undefined },
  { log, seal }: ReplayTools,
): Promise<{ accepted: number; duplicate: boolean }> {
  const { letter, source, place } = await letterOf(deps, actor.workspaceId, id);
  if (source === null) throw new Fault('conflict', 'Its source is not in this workspace any more.');
  const now = deps.now();
  const sealed = unsealed(letter.sealed, actor.workspaceId, seal);
  const event = edited === undefined ? sealed.event : parsed(edited);
  const skewKept = (sent: unknown) => movedSentAt(sent, now - letter.receivedAt.getTime());
  const facts: RequestFacts = {
    sourceId: source.id,
    sourcePlatform: source.platform,
    userAgent: '',
    receivedAt: now,
    sentAt: skewKept(sealed.sentAt),
    inspect: true,
    measure: true,
    traceparent: undefined,
    // The header is not kept with a refused event; what its context signals is.
    privacyControl: false,
    newId: () => `dead-letter:${id}`,
  };
  const taken = eventsOf(event, sealed, facts, letter.receivedAt, skewKept);
  const appends = taken.map(({ event: one, dedupKey }) =>
    encodeEvent(one, dedupKey, source.shard.partitions),
  );
  const { duplicates } = await log.append({ shardId: source.shardId, events: appends, deadLetters: [] });
  await markReplayed(deps, actor.workspaceId, place, new Date(now));
  await writeAudit(deps, {
    workspaceId: actor.workspaceId,
    actorKind: 'person',
    actorId: actor.userId,
    action: 'deadLetter.replayed',
    subject: id,
    details: { edited: edited !== undefined, events: taken.length },
  });
  return { accepted: taken.length, duplicate: duplicates.length === taken.length };
}

async function letterOf(deps: Pick<Deps, 'db'>, workspaceId: string, id: string) {
  const place = placeIn(id);
  const found = place && (await findDeadLetter(deps, workspaceId, place));
  if (!found) throw new Fault('not_found', 'There is no such dead letter.');
  return { ...found, place };
}

function unsealed(sealed: Uint8Array | null, workspaceId: string, seal: DeadLetterSeal): SealedEvent {
  if (sealed === null)
    throw new Fault('conflict', 'This event was not kept: only what is described here is left of it.');
  try {
    return JSON.parse(seal.open(sealed, workspaceId)) as SealedEvent;
  } catch (cause) {
    throw new Fault('conflict', 'This event was sealed under another master key and cannot be opened.', {
      cause,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    throw new Fault('bad_request', 'The edited event is not JSON.', {
      fields: [{ field: 'edited', reason: 'is not JSON' }],
    });
  }
}

/** A clock that was wrong then stays as wrong: the sender's `sentAt` moves along with the time since. */
function movedSentAt(sentAt: unknown, byMs: number): unknown {
  if (sentAt === undefined || sentAt === null) return undefined;
  const at = parseTime(sentAt);
  return Number.isNaN(at) ? sentAt : at + byMs;
}

function eventsOf(
  event: unknown,
  { form, type }: SealedEvent,
  facts: RequestFacts,
  receivedAt: Date,
  skewKept: (sentAt: unknown) => unknown,
): TakenEvent[] {
  const calls = callsIn(typeof event === 'string' ? parsed(event) : event);
  return calls.map((call) => {
    const timed = withTime(call, receivedAt, skewKept);
    const kind = EVENT_TYPES.find((known) => known === type) ?? null;
    const isCloudEvent = form === 'cloudevent' || 'specversion' in timed;
    const read = isCloudEvent ? readCloudEvent(timed, facts) : readSegmentCall(timed, kind, facts);
    if (!(read instanceof Refusal)) return read;
    const field = read.field || 'event';
    throw new Fault('bad_request', `${field}: ${read.detail}`, { fields: [{ field, reason: read.detail }] });
  });
}

/** A body that could not be read may, once mended, turn out to hold a batch. */
function callsIn(event: unknown): Record<string, unknown>[] {
  const isBatch = isFields(event) && Array.isArray(event.batch);
  const list = isBatch ? withContext(event.batch as unknown[], event.context) : [event];
  if (list instanceof Refusal) throw new Fault('bad_request', `${list.field}: ${list.detail}`);
  return list.map((call) => {
    if (isFields(call)) return call;
    throw new Fault('bad_request', 'An event must be a JSON object.');
  });
}

/** An event without a time happened when it was received first, not when it is replayed. */
function withTime(
  call: Record<string, unknown>,
  receivedAt: Date,
  skewKept: (sentAt: unknown) => unknown,
): Record<string, unknown> {
  if ('specversion' in call) return { ...call, time: call.time ?? receivedAt.toISOString() };
  const timestamp = call.timestamp ?? call.originalTimestamp;
  if (timestamp === undefined || timestamp === null) {
    return { ...call, timestamp: receivedAt.toISOString(), sentAt: null };
  }
  return { ...call, sentAt: skewKept(call.sentAt) };
}
