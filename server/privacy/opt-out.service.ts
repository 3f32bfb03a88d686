import { Fault } from '@/server/core/fault';
import { partitionOf } from '@/server/core/partition';
import { logOf } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { anchorHead, entryOfNote } from './audit.service';
import {
  type ConsentOfRecord,
  consentsOf,
  type OptOutRow,
  raiseVersions,
  type ShardOfWorkspace,
  shardsOf,
} from './consent.repository';
import { type FlagsSet, notePartitions, ringDoorbells, setFlags } from './consent-flags.connector';
import { type LinkedKeys, linkedKeysOf, linksInStore, MAX_KEYS } from './linked-keys.service';
import { recordWish, settle, surveyPerson } from './opt-out.repository';
import type { EnforcementPoint, OptOutAnswer } from './opt-out.schema';
import { publishPrivacy } from './privacy-feed.connector';
import type { Purpose } from './purpose.schema';

export interface ConsentChange {
  workspaceId: string;
  customer: string;
  purpose: Purpose;
  optedIn: boolean;
  reason?: string | undefined;
  actor: { kind: 'person' | 'key'; id: string };
}

/** Attempts to bring the store to the newest consent of record while other requests change it too. */
const MAX_ATTEMPTS = 5;

/**
 * Takes a customer's wish: consent of record first, then the flags of every linked key in every shard, then it is
 * acknowledged. Once this resolves, no commit can use the customer for the purpose.
 * @throws Fault `unavailable` when the store does not answer: nothing is acknowledged, and the wish stays on record
 *   until the parity check has carried it out
 */
export async function changeConsent(deps: Deps, change: ConsentChange): Promise<OptOutAnswer> {
  const requestedAt = new Date(deps.now());
  const id = deps.newId('optout');
  const { keys, shards } = await keysToChange(deps, change);
  const record = await writeDown(deps, change, { id, keys, requestedAt });
  const wish = { ...change, id, requestedAt };
  const answer = await carryOut(deps, wish, { record, shards }).catch(refuseForNow);
  const { optedIn, purpose, workspaceId } = change;
  const message = { kind: 'consentChanged' as const, id, optedIn, purpose, effectMs: answer.effectMs };
  publishPrivacy(
    deps.queueRedis,
    workspaceId,
    { ...message, requestedAt: requestedAt.getTime() },
    deps.now(),
  );
  return answer;
}

/** Says what has become of a wish that could not be put in force; other failures pass as they are. */
function refuseForNow(cause: unknown): never {
  if (!(cause instanceof Fault) || cause.code !== 'unavailable') throw cause;
  const words =
    'This cannot be put in force just now, so nothing is acknowledged. The wish is on record and is carried out as ' +
    'soon as it can be; ask again to have it acknowledged.';
  throw new Fault('unavailable', words, { cause });
}

/** With the store away the wish is recorded all the same; linked keys are looked for again when it is carried out. */
async function keysToChange(deps: Deps, { workspaceId, customer }: ConsentChange): Promise<LinkedKeys> {
  try {
    return await linkedKeysOf(deps, workspaceId, customer);
  } catch (error) {
    if (error instanceof Fault && error.code === 'unavailable') {
      return surveyPerson(deps, workspaceId, [customer], MAX_KEYS);
    }
    throw error;
  }
}

async function writeDown(
  deps: Deps,
  change: ConsentChange,
  { id, keys, requestedAt }: { id: string; keys: string[]; requestedAt: Date },
): Promise<ConsentOfRecord[]> {
  const { workspaceId, customer, purpose, optedIn, reason, actor } = change;
  const actorKind = actor.kind;
  const actorId = actor.id;
  const linkedKeys = keys.filter((key) => key !== customer);
  const note = entryOfNote(
    {
      workspaceId,
      actorKind,
      actorId,
      action: optedIn ? 'customer.optedIn' : 'customer.optedOut',
      subject: customer,
      reason,
      details: { request: id, purpose, linkedKeys },
    },
    requestedAt,
  );
  const wish = { id, workspaceId, customer, purpose, optedIn, reason: reason ?? null };
  const told = { ...wish, actorKind, actorId, requestedAt };
  const { record, head } = await recordWish(deps, told, keys, note);
  anchorHead(deps, workspaceId, head);
  return record;
}

export type Wish = Pick<OptOutRow, 'id' | 'workspaceId' | 'customer' | 'purpose' | 'optedIn' | 'requestedAt'>;

/** Brings the store to what is on record for a wish, and acknowledges it. Safe to run again. */
export async function carryOut(
  deps: Deps,
  wish: Wish,
  start?: { record: readonly ConsentOfRecord[]; shards: readonly ShardOfWorkspace[] },
): Promise<OptOutAnswer> {
  const { workspaceId, customer } = wish;
  const recordedAt = new Date(deps.now()).toISOString();
  const { record, shards } = start ?? (await recordOfLinked(deps, workspaceId, customer));
  const version = Math.max(0, ...record.map((row) => row.version));
  const recordPoint = { point: 'record', at: recordedAt, version, keys: record.length };
  const enforced = await enforceRecord(deps, workspaceId, shards, record, { ...wish, points: [recordPoint] });
  return {
    id: wish.id,
    customer,
    linkedKeys: enforced.keys.filter((key) => key !== customer),
    denied: enforced.denied(customer) as Purpose[],
    requestedAt: wish.requestedAt.toISOString(),
    acknowledgedAt: enforced.at.toISOString(),
    effectMs: enforced.at.getTime() - wish.requestedAt.getTime(),
    enforcement: enforced.points,
  };
}

async function recordOfLinked(deps: Deps, workspaceId: string, customer: string) {
  const { keys, shards } = await linkedKeysOf(deps, workspaceId, customer);
  return { shards, record: await consentsOf(deps, workspaceId, keys) };
}

export interface Enforced {
  keys: string[];
  denied(customer: string): string[];
  at: Date;
  points: EnforcementPoint[];
}

/**
 * Sets the flags to the consent of record, in every shard, until no linked key turned up and the record has not moved
 * meanwhile: of two requests that cross, the one recorded last stands in the store as well.
 */
export async function enforceRecord(
  deps: Pick<Deps, 'db' | 'logRedis' | 'queueRedis' | 'now'>,
  workspaceId: string,
  shards: readonly ShardOfWorkspace[],
  start: readonly ConsentOfRecord[],
  wish: (Wish & { points: EnforcementPoint[] }) | null = null,
): Promise<Enforced> {
  let record = start;
  const points = [...(wish?.points ?? [])];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const keys = record.map(({ customer }) => customer);
    const reach = async (where: readonly ShardOfWorkspace[]) => {
      // Sent in this order, and so carried out in this order in each partition: a link made before the flags stood is seen.
      const [results, links] = await Promise.all([
        setEverywhere(deps, where, record),
        wish ? linksInStore(deps.logRedis, where, keys) : [],
      ]);
      return { results, links };
    };
    const [known, standing] = await Promise.all([
      reach(shards),
      // Asked once the record stands: a region that is added after this finds the wish on record.
      wish ? shardsOf(deps, workspaceId) : shards,
    ]);
    const isNew = ({ id }: ShardOfWorkspace) => !shards.some((shard) => shard.id === id);
    const added = await reach(standing.filter(isNew));
    const results = [...known.results, ...added.results];
    const storeLinks = [...known.links, ...added.links];
    points.push(...results.map(pointOf));
    const overtaken = results.flatMap(({ set }) => set.newer);
    if (overtaken.length > 0) await raiseVersions(deps, workspaceId, raisesOf(record, overtaken));
    const at = new Date(deps.now());
    const settlement = { wish, record, storeLinks, enforcement: points, at, maxKeys: MAX_KEYS };
    const next = await settle(deps, workspaceId, settlement);
    if (next === null) {
      const denied = new Map(record.map((row) => [row.customer, row.denied]));
      return { keys, at, points, denied: (customer) => denied.get(customer) ?? [] };
    }
    record = next;
  }
  throw new Fault('conflict', 'This consent is being changed by many at once: ask again.');
}

interface PartitionResult {
  shardId: number;
  partition: number;
  keys: number;
  set: FlagsSet;
}

async function setEverywhere(
  deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
  shards: readonly ShardOfWorkspace[],
  record: readonly ConsentOfRecord[],
): Promise<PartitionResult[]> {
  if (record.length === 0) return [];
  const at = deps.now();
  const log = logOf(deps);
  const work = shards.map(({ id, partitions }) => ({
    shardId: id,
    byPartition: Map.groupBy(record, ({ customer }) => partitionOf(customer, partitions)),
  }));
  const setting = work.flatMap(({ shardId, byPartition }) =>
    [...byPartition].map(async ([partition, flags]) => ({
      shardId,
      partition,
      keys: flags.length,
      set: await setFlags(deps.logRedis, log, shardId, partition, flags, at),
    })),
  );
  const noting = work.map(({ shardId, byPartition }) =>
    notePartitions(deps.logRedis, shardId, [...byPartition.keys()]),
  );
  const [results] = await Promise.all([Promise.all(setting), Promise.all(noting)]);
  for (const { shardId, byPartition } of work) {
    ringDoorbells(deps.queueRedis, shardId, [...byPartition.keys()]);
  }
  return results;
}

function raisesOf(record: readonly ConsentOfRecord[], newer: FlagsSet['newer']) {
  return newer.map(({ customer, version }) => ({
    customer,
    from: record.find((row) => row.customer === customer)?.version ?? 0,
    above: version,
  }));
}

function pointOf({ shardId, partition, keys, set }: PartitionResult): EnforcementPoint {
  return {
    point: `partition ${shardId}.${partition}`,
    at: new Date(set.at).toISOString(),
    version: set.partitionVersion,
    keys,
  };
}
