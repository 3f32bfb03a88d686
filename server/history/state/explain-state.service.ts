import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import { maskKey, maskText, revealedUntil } from '@/server/features';
import { type PersonActor, type ShardDescription, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy';
import { keptParts } from '@/server/processors';
import { shownEvent, type TimelineEvent } from '../timeline.service';
import { type CheckedState, checkStates, wholeState } from './check-state.service';
import type { PersonEvent } from './person-events.repository';
import type { StoredState } from './stored-states.repository';

/** A person with more events than this is not recomputed at all. */
const MOST_EVENTS = 5_000;
/** Events shown, newest first. */
const SHOWN_EVENTS = 200;

export interface ExplainedPart {
  part: string;
  stored: string | null;
  recomputed: string | null;
  differs: boolean;
}

export interface ExplainedEvent extends TimelineEvent {
  /** in the partition's log */
  position: string;
  loggedAt: number;
  partition: number;
}

export interface ExplainedState {
  customer: string;
  region: string;
  partition: number;
  outcome: CheckedState['outcome'];
  reason: string | null;
  /** key it was moved to, to be looked up instead */
  movedTo: string | null;
  parts: ExplainedPart[];
  events: ExplainedEvent[];
  /** how many there are altogether */
  eventCount: number;
  masked: boolean;
}

/**
 * What is stored of a customer, the events it was made from, what they make by the pure processors now, and where the two
 * differ. Nothing is given out before the read is in the audit.
 * @returns one entry for each region in which something is known of the customer
 */
export async function explainState(
  deps: Deps,
  actor: PersonActor,
  customer: string,
): Promise<ExplainedState[]> {
  const { workspaceId, userId } = actor;
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'state.explained',
    subject: customer,
  });
  const masked = (await revealedUntil(deps, actor, customer)) === null;
  const explained: ExplainedState[] = [];
  for (const shard of await shardsOf(deps, workspaceId)) {
    const partition = partitionOf(customer, shard.partitions);
    const [checked] = await checkStates(deps, shard, partition, [customer], MOST_EVENTS);
    if (checked && (checked.text !== null || checked.events.length > 0))
      explained.push(explanationOf(shard, partition, checked, masked));
  }
  return explained;
}

function explanationOf(
  { region }: ShardDescription,
  partition: number,
  checked: CheckedState,
  masked: boolean,
): ExplainedState {
  const { customer, stored, recomputed, outcome, reason, events, standing } = checked;
  const show = (words: string) => (masked ? maskText(words) : words);
  return {
    customer: masked ? maskKey(customer) : customer,
    region,
    partition,
    outcome,
    reason: reason === null ? null : show(reason),
    movedTo: standing?.movedTo ? (masked ? maskKey(standing.movedTo) : standing.movedTo) : null,
    parts: partsOf(stored, recomputed, outcome !== 'skipped', masked),
    events: events
      .slice(-SHOWN_EVENTS)
      .reverse()
      .map((event) => eventShown(event, masked)),
    eventCount: events.length,
    masked,
  };
}

/** Parts that say who somebody is or what was said: masked as a whole, since they are full of it. */
const PERSONAL_PARTS = new Set(['traits', 'contacts', 'linked keys', 'moved to']);
const HIDDEN = 'hidden until the customer is revealed';

function partsOf(
  stored: StoredState,
  recomputed: JsonObject | null,
  isCompared: boolean,
  masked: boolean,
): ExplainedPart[] {
  const kept = keptParts(wholeState(stored));
  const made = keptParts(recomputed);
  return [...new Set([...kept.keys(), ...made.keys()])].map((part) => {
    const [is, shouldBe] = [kept.get(part) ?? null, made.get(part) ?? null];
    const shown = (value: string | null) => {
      if (value === null || !masked) return value;
      return PERSONAL_PARTS.has(part) ? HIDDEN : maskBetweenTimes(value);
    };
    return { part, stored: shown(is), recomputed: shown(shouldBe), differs: isCompared && is !== shouldBe };
  });
}

/** Milliseconds since the epoch of this century: numbers as long as a telephone's that say nothing of anybody. */
const TIME = /\b(1\d{12})\b/;

function maskBetweenTimes(text: string): string {
  return text
    .split(TIME)
    .map((piece, index) => (index % 2 === 1 ? piece : maskText(piece)))
    .join('');
}

function eventShown({ record, position, loggedAt, partition }: PersonEvent, masked: boolean): ExplainedEvent {
  const { t, c, n, y, pl, p, id } = record;
  const row = { at: t, messageId: id, customer: c, name: n, kind: y, platform: pl, properties: p };
  return { ...shownEvent(row, masked), position, loggedAt, partition };
}
