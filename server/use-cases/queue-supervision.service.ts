import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards, type ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { groupLagReader } from '@/server/scaling';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { standingEscalations } from './escalation.repository';
import { DEFAULT_PLAN } from './escalation.schema';
import { readPlan } from './escalation-plan.repository';
import {
  dueSteps,
  type EscalationDesk,
  type QueueSeen,
  superviseEscalations,
} from './escalation-supervision.service';
import { type BehindSince, judgeableWaits, type PartitionStanding, type ShardQueue } from './queue-catch-up';
import {
  endLeftWaits,
  noteBreaches,
  openWaits,
  queuesOf,
  timesOfPartitions,
  workspacesWithWaits,
} from './queue-claim.repository';
import { breachOf } from './queue-claim.service';
import { announceClaim, waitChanges } from './queue-feed.connector';
import { readSla } from './sla.repository';
import { DEFAULT_SLA } from './sla.schema';
import { endsOfWaits } from './wait-ends.service';

/** How often a queue is supervised. */
export const SUPERVISE_EVERY_MS = 5 * SECOND_MS;
/** What is on record is read again after this long, should a word of a change have been lost; not of all at once. */
const ANEW_AFTER_MS = MINUTE_MS;

/** Queues of shards with about so many partitions are read in one round trip. */
const MOST_PARTITIONS = 1_024;

/** What is on record of a workspace's queue, as last read. */
interface Desk extends EscalationDesk {
  version: string;
  /** ms */
  readAt: number;
  /** breaches handed to the record since it was read, by `waitKey`: what was given back after its breach is on it already */
  noted: Set<string>;
  /** partitions behind which something is due, as of the last look */
  behindSince: BehindSince;
}

const NONE_BEHIND: BehindSince = new Map();

const desksOfDatabase = new WeakMap<object, Map<string, Desk>>();

/** What one look at all queues came to. */
interface Supervised {
  breached: number;
  ended: number;
  escalated: number;
}

/**
 * Notes the waits that passed their time, raises those that reached a step of the escalations, and ends those whose
 * customer has left the queue. To be run every few seconds. The queues are read each time; what is on record of them only
 * where it changed, so that a workspace in which nothing does costs the database nothing. What is due is held back while the
 * stream that fills the queue is behind, a minute at most.
 * @returns how many were noted, escalated and ended
 */
export async function superviseQueue(deps: Deps): Promise<Supervised> {
  const byWorkspace = Map.groupBy(await listShards(deps), ({ workspaceId }) => workspaceId);
  const workspaceIds = [...byWorkspace.keys()];
  const versions = await waitChanges.read(deps.queueRedis, workspaceIds);
  // On record first, then the queues: whoever is on record by then and in no queue has left.
  const desks = await desksOf(deps, workspaceIds, versions);
  const queuesByWorkspace = await readQueues(deps, [...byWorkspace.values()].flat());
  const lagOf = groupLagReader(deps, 'main');
  const total = { breached: 0, ended: 0, escalated: 0 };
  await eachInTurn(workspaceIds, String, async (workspaceId) => {
    const queues = (queuesByWorkspace.get(workspaceId) ?? []).map((read) => read());
    const desk = desks.get(workspaceId);
    if (desk === undefined) return;
    const { behindSince, ...seen } = await lookAt(deps, lagOf, desk, queues);
    total.breached += await noteNewBreaches(deps, workspaceId, desk, seen.judgeable);
    total.ended += await endLeft(deps, workspaceId, desk, seen.entries);
    const supervised = await superviseEscalations(deps, workspaceId, desk, seen);
    desks.set(workspaceId, { ...supervised.desk, behindSince });
    total.escalated += supervised.escalated;
  });
  return total;
}

/** What waits in every workspace, some hundred shards in one round trip. */
async function readQueues(
  { logRedis }: Deps,
  shards: readonly ShardDescription[],
): Promise<Map<string, (() => ShardQueue)[]>> {
  const found = new Map<string, (() => ShardQueue)[]>();
  for (let from = 0; from < shards.length; ) {
    let to = from;
    for (let sum = 0; to < shards.length && sum < MOST_PARTITIONS; to += 1)
      sum += shards[to]?.partitions ?? 0;
    const some = shards.slice(from, to);
    const queues = await queuesOf(
      logRedis,
      some.map(({ shardId: id, partitions }) => ({ id, partitions })),
    );
    for (const [index, { workspaceId, shardId, partitions }] of some.entries()) {
      const entriesOf = queues[index];
      if (entriesOf === undefined) continue;
      const read = () => ({ shardId, partitions, entries: entriesOf() });
      found.set(workspaceId, [...(found.get(workspaceId) ?? []), read]);
    }
    from = to;
  }
  return found;
}

/** What waits, and what of it may be judged: how far the stream is, is read only where something is due. */
async function lookAt(
  deps: Deps,
  lagOf: LagReader,
  desk: Desk,
  queues: readonly ShardQueue[],
): Promise<QueueSeen & { behindSince: BehindSince }> {
  const now = deps.now();
  const entries = queues.flatMap((queue) => queue.entries);
  const isDue = newBreaches(desk, entries, now).length > 0 || dueSteps(desk, entries, now).length > 0;
  if (!isDue) return { entries, judgeable: entries, behindSince: NONE_BEHIND };
  const standings = await Promise.all(queues.map((queue) => standingsOf(deps, lagOf, queue)));
  // Once more, after that: what was read before the stream had caught up is not of now.
  const fresh = await readAgain(deps, queues);
  const judged = judgeableWaits(fresh, standings.flat(), desk.behindSince, now);
  return {
    entries: fresh.flatMap((queue) => queue.entries),
    judgeable: judged.entries,
    behindSince: judged.behindSince,
  };
}

type LagReader = ReturnType<typeof groupLagReader>;

async function standingsOf(
  { logRedis }: Deps,
  lagOf: LagReader,
  { shardId, partitions, entries }: ShardQueue,
): Promise<PartitionStanding[]> {
  if (entries.length === 0) return [];
  const [readings, times] = await Promise.all([
    lagOf({ shardId, partitions }),
    timesOfPartitions(logRedis, { id: shardId, partitions }),
  ]);
  return readings.flatMap((reading) => {
    const time = times[reading.partition];
    return time === undefined ? [] : [{ ...reading, ...time }];
  });
}

async function readAgain({ logRedis }: Deps, queues: readonly ShardQueue[]): Promise<ShardQueue[]> {
  const read = await queuesOf(
    logRedis,
    queues.map(({ shardId: id, partitions }) => ({ id, partitions })),
  );
  return queues.map((queue, index) => ({ ...queue, entries: read[index]?.() ?? [] }));
}

/** What is on record of every workspace; read from the database where it changed or is old, and anything is on record. */
async function desksOf(
  deps: Deps,
  workspaceIds: readonly string[],
  versions: ReadonlyMap<string, string>,
): Promise<Map<string, Desk>> {
  const desks = desksOfDatabase.get(deps.db) ?? new Map<string, Desk>();
  desksOfDatabase.set(deps.db, desks);
  const now = deps.now();
  const versionOf = (workspaceId: string) => versions.get(workspaceId) ?? '0';
  const old = [...workspaceIds.entries()].filter(([, id]) => !isFresh(desks.get(id), versionOf(id), now));
  const ids = old.map(([, id]) => id);
  const recorded = await workspacesWithWaits(deps, ids);
  for (const [index, id] of old) {
    const read = recorded.has(id) ? await recordOf(deps, id) : NOTHING_ON_RECORD;
    const ahead = desks.has(id) ? 0 : (index * SUPERVISE_EVERY_MS) % ANEW_AFTER_MS;
    const behindSince = desks.get(id)?.behindSince ?? NONE_BEHIND;
    desks.set(id, { version: versionOf(id), readAt: now - ahead, noted: new Set(), behindSince, ...read });
  }
  return desks;
}

const NOTHING_ON_RECORD: EscalationDesk = {
  sla: DEFAULT_SLA,
  plan: DEFAULT_PLAN,
  waits: [],
  standing: [],
  settled: new Set(),
};

async function recordOf(deps: Deps, workspaceId: string): Promise<EscalationDesk> {
  const [sla, plan, waits, standing] = await Promise.all([
    readSla(deps, workspaceId),
    readPlan(deps, workspaceId),
    openWaits(deps, workspaceId),
    standingEscalations(deps, workspaceId),
  ]);
  return { sla, plan, waits, standing, settled: new Set() };
}

function isFresh(desk: Desk | undefined, version: string, now: number): boolean {
  return desk?.version === version && now >= desk.readAt && now - desk.readAt < ANEW_AFTER_MS;
}

async function noteNewBreaches(
  deps: Deps,
  workspaceId: string,
  desk: Desk,
  entries: readonly QueueEntry[],
): Promise<number> {
  const breaches = newBreaches(desk, entries, deps.now());
  if (breaches.length === 0) return 0;
  const fresh = await noteBreaches(deps, workspaceId, breaches);
  for (const { customer, enteredAt } of breaches) desk.noted.add(waitKey(customer, enteredAt.getTime()));
  if (fresh > 0) await waitChanges.raise(deps.queueRedis, workspaceId);
  return fresh;
}

/** Waits that passed their time and are not on record. */
function newBreaches({ sla, waits, noted }: Desk, entries: readonly QueueEntry[], now: number) {
  const known = new Set(waits.map(({ customer, enteredAt }) => waitKey(customer, enteredAt.getTime())));
  return entries.flatMap(({ customer, reason, channel, since }) => {
    const breachedAt = breachOf({ reason, channel, since }, sla, now);
    const key = waitKey(customer, since);
    if (!breachedAt || known.has(key) || noted.has(key)) return [];
    return [{ customer, reason, enteredAt: new Date(since), breachedAt }];
  });
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
  const gone = over.map(({ id, customer, reason, enteredAt }) => ({
    ...{ id, customer, reason },
    since: enteredAt.getTime(),
  }));
  const ended = await endsOfWaits(deps, workspaceId, gone);
  await endLeftWaits(
    deps,
    workspaceId,
    ended.map(({ id, at }) => ({ id, at })),
  );
  await waitChanges.raise(deps.queueRedis, workspaceId);
  for (const { customer, takenById } of over) {
    if (takenById) await announceClaim(deps, workspaceId, { customer, claim: null });
  }
  return over.length;
}

const waitKey = (customer: string, since: number) => `${since} ${customer}`;
