import { isKeepable } from '@/server/core/keepable-text';
import { type DeadLetterRecord, refusalDigest } from '@/server/event-log';
import { parseTime, skewOf } from './event-time';
import { keyText } from './key-text';
import { maskedSample } from './masking';
import type { Refusal } from './refusal';

/** Larger events are described, but not kept. */
const MAX_SEALED_BYTES = 64 * 1024;

/** How a refused event came in, so that a replay can read it the same way. */
export type RefusedForm = 'segment' | 'cloudevent' | 'body';

/** What is sealed into a dead letter. */
export interface SealedEvent {
  form: RefusedForm;
  /** the call or event; the whole text when it could not be parsed */
  event: unknown;
  /** told by the route for a single Segment call */
  type?: string;
  sentAt?: unknown;
}

export interface DeadLetterFacts {
  sourceId: string;
  workspaceId: string;
  receivedAt: number;
  /** Encrypts under the workspace's context; base64. */
  seal: (plain: string, workspaceId: string) => string;
}

/** The durable record of a refusal: why, a masked sample, and the event itself under seal. */
export function deadLetterOf(
  refusal: Refusal,
  sealed: SealedEvent,
  facts: DeadLetterFacts,
): DeadLetterRecord {
  const record: DeadLetterRecord = {
    k: 'x',
    s: facts.sourceId,
    reason: refusal.reason,
    detail: refusal.detail,
    sample: maskedSample(sealed.event),
    t: timeOf(sealed, facts.receivedAt),
    r: facts.receivedAt,
  };
  if (refusal.field !== '') record.field = refusal.field;
  const id = messageIdOf(sealed.event);
  if (id !== undefined) {
    record.id = id;
    record.rk = refusalDigest(facts.sourceId, id, originOf(sealed), refusal.reason, refusal.field);
  }
  const plain = textOf(sealed);
  if (plain !== null && plain.length <= MAX_SEALED_BYTES)
    record.sealed = facts.seal(plain, facts.workspaceId);
  return record;
}

/** When it happened, corrected as for a taken event; its receipt where that cannot be told. */
function timeOf({ form, event, sentAt }: SealedEvent, receivedAt: number): number {
  if (typeof event !== 'object' || event === null) return receivedAt;
  const fields = event as Record<string, unknown>;
  const isCloudEvent = form === 'cloudevent';
  const stated = parseTime(isCloudEvent ? fields.time : (fields.timestamp ?? fields.originalTimestamp));
  const sent = isCloudEvent ? Number.NaN : parseTime(fields.sentAt ?? sentAt);
  // Within the same years once more: a clock that is off by centuries tells no time.
  const at = parseTime(Number.isNaN(sent) ? stated : stated + skewOf(sent, receivedAt));
  return Number.isNaN(at) ? receivedAt : at;
}

/** Null for what is nested too deep to be written down. */
function textOf(sealed: SealedEvent): string | null {
  try {
    return JSON.stringify(sealed);
  } catch {
    return null;
  }
}

/** The id of a CloudEvent is unique beside its source only. */
function originOf({ form, event }: SealedEvent): string {
  return form === 'cloudevent' ? String((event as { source?: unknown }).source ?? '') : '';
}

function messageIdOf(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const { messageId, id } = event as Record<string, unknown>;
  const found = keyText(messageId ?? id);
  return typeof found === 'string' && isKeepable(found) ? found : undefined;
}
