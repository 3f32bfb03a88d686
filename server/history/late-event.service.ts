import { isInstant } from '@/server/core/calendar';
import { Fault } from '@/server/core/fault';
import { maskedKey } from '@/server/core/masked-key';
import { maskKey, maskText } from '@/server/features';
import { may, type PersonActor, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { boundedKey } from './copy-text';
import { countLateEvents, type LatePlace, type LateRow, readLateEvents } from './late-event.repository';
import type { LateFilter, LateSpan } from './late-event.schema';
import { LATENESS_EDGES_MS, type LateEventView, type LateSummary } from './late-view.schema';

/** A page of late events, latest first, with what stands and what would. Customers are masked. */
export async function latePage(
  deps: Deps,
  person: PersonActor,
  { limit, cursor, ...span }: LateFilter,
): Promise<{ items: LateEventView[]; cursor: string | null }> {
  const place = cursor === undefined ? null : placeOf(cursor);
  const rows = await readLateEvents(deps, person.workspaceId, bounded(span), place, limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const mayOpen = may(person.role, 'customer.read');
  return { items: page.map((row) => viewOf(row, mayOpen)), cursor: last ? cursorOf(last) : null };
}

/** How many, how late, and how many of them mattered. */
export async function lateSummary(deps: Deps, workspaceId: string, span: LateSpan): Promise<LateSummary> {
  const [shards, { buckets, ...sums }] = await Promise.all([
    shardsOf(deps, workspaceId),
    countLateEvents(deps, workspaceId, bounded(span)),
  ]);
  const histogram = Array.from({ length: LATENESS_EDGES_MS.length + 1 }, () => 0);
  for (const { bucket, count } of buckets) histogram[bucket] = count;
  return { allowedMs: shards[0]?.settings.latenessMs ?? 0, ...sums, histogram };
}

/** Keys are kept bounded: one that is looked for is bounded the same way. */
function bounded(span: LateSpan): LateSpan {
  return { ...span, key: span.key === '' ? '' : boundedKey(span.key) };
}

function viewOf(row: LateRow, mayOpen: boolean): LateEventView {
  const { shardId, partition, position, messageId, customer, eventAt, loggedAt, latenessMs } = row;
  return {
    id: `${shardId}.${partition}:${position}`,
    messageId,
    name: maskText(row.name),
    customer: mayOpen
      ? { label: maskKey(customer), key: customer }
      : { label: maskedKey(customer), key: null },
    eventAt: eventAt.getTime(),
    loggedAt: loggedAt.getTime(),
    latenessMs,
    published: row.published.facts ?? [],
    corrected: row.corrected.facts ?? [],
  };
}

function cursorOf({ loggedAt, shardId, partition, position }: LatePlace): string {
  return [loggedAt.getTime(), shardId, partition, position].join('|');
}

/** @throws Fault `bad_request` for anything that is not a cursor of ours */
function placeOf(cursor: string): LatePlace {
  const found = /^(-?\d{1,15})\|(\d{1,9})\|(\d{1,6})\|([\w/.-]{1,120})$/.exec(cursor);
  if (!found || !isInstant(Number(found[1])))
    throw new Fault('bad_request', 'This is not a cursor of the list.');
  const [, at, shardId, partition, position = ''] = found;
  return { loggedAt: new Date(Number(at)), shardId: Number(shardId), partition: Number(partition), position };
}
