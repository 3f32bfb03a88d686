import type { Json, JsonObject } from '@/server/core/json';
import { maskKey, maskText, noteCardRead, revealedUntil } from '@/server/features';
import type { PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { linkedKeysOf } from '@/server/privacy';
import { boundedKey } from './copy-text';
import { readTimeline, type TimelinePlace, type TimelineRow } from './timeline.repository';

export interface TimelineEvent {
  /** event time, ms */
  at: number;
  key: string;
  name: string;
  kind: string;
  platform: string;
  properties: JsonObject;
}

export interface TimelinePage {
  events: TimelineEvent[];
  /** for the next, older page; null at the end */
  cursor: TimelinePlace | null;
  masked: boolean;
}

/**
 * A page of what a customer did, newest first, over all linked keys. Masked unless this person revealed the customer;
 * being looked at is on record.
 */
export async function customerTimeline(
  deps: Deps,
  person: PersonActor,
  input: { customer: string; before: TimelinePlace | null; limit: number },
): Promise<TimelinePage> {
  await noteCardRead(deps, person, input.customer);
  const { workspaceId } = person;
  const [{ keys }, until] = await Promise.all([
    linkedKeysOf(deps, workspaceId, input.customer),
    revealedUntil(deps, person, input.customer),
  ]);
  const rows = await readTimeline(deps, workspaceId, keys.map(boundedKey), input.before, input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  const masked = until === null;
  return {
    events: page.map((row) => shownEvent(row, masked)),
    cursor: last ? { at: last.at, messageId: last.messageId } : null,
    masked,
  };
}

/** An event as it may be shown: masked unless the customer was revealed. */
export function shownEvent(
  { at, customer, name, kind, platform, properties }: TimelineRow,
  masked: boolean,
): TimelineEvent {
  if (!masked) return { at, key: customer, name, kind, platform, properties };
  return {
    at,
    key: maskKey(customer),
    name: maskText(name),
    kind,
    platform,
    // Traits say who somebody is; properties say what they did.
    properties: kind === 'identify' || kind === 'group' ? {} : maskedProperties(properties),
  };
}

const PERSONAL = /name|mail|phone|address|street|city|zip|postal|birth|ip|token|card|iban/i;
const PLAIN = /^(name|product_?name|event_?name)$/i;

function maskedProperties(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]): [string, Json][] => {
      if (PERSONAL.test(key) && !PLAIN.test(key)) return [];
      if (typeof value === 'string') return [[key, maskText(value)]];
      return value === null || typeof value === 'object' ? [] : [[key, value]];
    }),
  );
}
