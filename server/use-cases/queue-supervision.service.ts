import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import type { QueueEntry } from '@/server/streaming/partition-step';
import {
  endWaitsById,
  noteBreaches,
  openWaits,
  queueEntriesOf,
  type WaitRow,
} from './queue-claim.repository';
import { breachOf } from './queue-claim.service';
import { announceClaim, waitChanges } from './queue-feed.connector';
import { readSla } from './sla.repository';
import type { Sla } from './sla.schema';

/** How often a queue is supervised. */
export const SUPERVISE_EVERY_MS = 5 * SECOND_MS;
/** What is on record is read again after this long, should a word of a change have been lost; not of all at once. */
const ANEW_AFTER_MS = MINUTE_MS;

/** What is on record of a workspace's queue, as last read. */
interface Desk {
  version: string;
  /** ms */
  readAt: number;
  sla: Sla;
  waits: readonly WaitRow[];
}

const desksOfDatabase = new WeakMap<object, Map<string, Desk>>();

/**
 * Notes the waits that passed their time, and ends those whose customer has left the queue. To be run every few
 * seconds, by one process. The queues are read each time; what is on record of them only where it changed, so that a
 * workspace in which nothing does costs the database nothing.
 * @returns how many were noted and ended
 */
export async function superviseQueue(deps: Deps): Promise<{ breached: number; ended: number }> {
  const byWorkspace = Map.groupBy(await listShards(deps), ({ workspaceId }) => workspaceId);
  const versions = await waitChanges.read(deps.queueRedis, [...byWorkspace.keys()]);
  const total = { breached: 0, ended: 0 };
  await eachInTurn(
    [...byWorkspace].entries(),
    ([, [workspaceId]]) => workspaceId,
    async ([index, [workspaceId, shards]]) => {
      const entries = await entriesOf(deps, shards);
      const desk = await deskOf(deps, workspaceId, versions.get(workspaceId) ?? '0', index);
      total.breached += await noteNewBreaches(deps, workspaceId, desk, entries);
      total.ended += await endLeft(deps, workspaceId, desk, entries);
    },
  );
  return total;
}

async function entriesOf(deps: Deps, shards: readonly ShardDescription[]): Promise<QueueEntry[]> {
  const queues = shards.map(({ shardId: id, partitions }) =>
    queueEntriesOf(deps.logRedis, { id, partitions }),
  );
  return (await Promise.all(queues)).flat();
}

async function deskOf(deps: Deps, workspaceId: string, version: string, index: number): Promise<Desk> {
  const desks = desksOfDatabase.get(deps.db) ?? new Map<string, Desk>();
  desksOfDatabase.set(deps.db, desks);
  const known = desks.get(workspaceId);
  const now = deps.now();
  if (known?.version === version && now >= known.readAt && now - known.readAt < ANEW_AFTER_MS) return known;
  const [sla, waits] = await Promise.all([readSla(deps, workspaceId), openWaits(deps, workspaceId)]);
  const ahead = known === undefined ? (index * SUPERVISE_EVERY_MS) % ANEW_AFTER_MS : 0;
  const desk = { version, readAt: now - ahead, sla, waits };
  desks.set(workspaceId, desk);
  return desk;
}

async function noteNewBreaches(
  deps: Deps,
  workspaceId: string,
  { sla, waits }: Desk,
  entries: readonly QueueEntry[],
): Promise<number> {
  const known = new Set(waits.map(({ customer, enteredAt }) => waitKey(customer, enteredAt.getTime())));
  const breaches = entries.flatMap(({ customer, reason, channel, since }) => {
    const breachedAt = breachOf({ reason, channel, since }, sla, deps.now());
    if (!breachedAt || known.has(waitKey(customer, since))) return [];
    return [{ customer, reason, enteredAt: new Date(since), breachedAt }];
  });
  if (breaches.length === 0) return 0;
  await noteBreaches(deps, workspaceId, breaches);
  await waitChanges.raise(deps.queueRedis, workspaceId);
  return breaches.length;
}

async function endLeft(
  deps: Deps,
  workspaceId: string,
  { waits }: Desk,
  entries: readonly QueueEntry[],
): Promise<number> {
  const waiting = new Set(entries.map(({ customer }) => customer));
  const over = waits.filter(({ customer }) => !waiting.has(customer));
  if (over.length === 0) return 0;
  const ids = over.map(({ id }) => id);
  await endWaitsById(deps, workspaceId, ids, { at: new Date(deps.now()), outcome: 'left' });
  await waitChanges.raise(deps.queueRedis, workspaceId);
  for (const { customer, takenById } of over) {
    if (takenById) await announceClaim(deps, workspaceId, { customer, claim: null });
  }
  return over.length;
}

const waitKey = (customer: string, since: number) => `${since} ${customer}`;
