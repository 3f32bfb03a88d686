import { eachInTurn } from '@/server/core/each-in-turn';
import type { Deps } from '@/server/platform/deps';
import {
  adoptFlags,
  type ConsentOfRecord,
  consentPage,
  consentsOf,
  type ShardOfWorkspace,
  spreadDenials,
  unacknowledged,
  workspacesWithConsents,
  workspacesWithShards,
} from './consent.repository';
import { anyFlags, flagsOf, type KeptFlags, partitionsWithFlags, scanFlags } from './consent-flags.connector';
import { placesOf } from './linked-keys.service';
import { carryOut, enforceRecord } from './opt-out.service';
import { publishPrivacy } from './privacy-feed.connector';
import { takeWaitingSignals } from './signals/signal.service';

export interface ParityReport {
  workspaceId: string;
  /** keys compared */
  checked: number;
  /** keys whose flags in the store differed from the record and were set again */
  mended: number;
  /** keys whose opt-out came along a link in the stream and is now on record too */
  adopted: number;
  /** wishes that had been recorded but not carried out, now acknowledged */
  carriedOut: number;
}

const PAGE = 500;
/** Links from one key to the next that a denial follows at once; what lies further off, the next time. */
const MOST_STEPS = 8;
/** A wish younger than this is still being carried out by whoever took it. */
const SETTLE_MS = 10_000;

/**
 * Compares the consent of record with the flags the stream reads, in every workspace, and mends what differs: the
 * record wins, except where the stream carried an opt-out along a link, which the record then takes over.
 * @throws AggregateError of the workspaces that could not be compared, once all the others were
 */
export async function consentParity(deps: Deps): Promise<ParityReport[]> {
  const workspaces = await workspacesWithShards(deps);
  const recorded = await workspacesWithConsents(
    deps,
    workspaces.map(({ id }) => id),
  );
  return eachInTurn(
    workspaces,
    ({ id }) => id,
    async ({ id, shards }) => {
      // Where nothing is on record and nothing is denied in the stream, there is nothing to compare.
      const isBare = !recorded.has(id) && !(await anyFlags(deps.logRedis, shards));
      return isBare ? emptyReport(id) : parityOf(deps, id, shards);
    },
  );
}

function emptyReport(workspaceId: string): ParityReport {
  return { workspaceId, checked: 0, mended: 0, adopted: 0, carriedOut: 0 };
}

async function parityOf(
  deps: Deps,
  workspaceId: string,
  shards: readonly ShardOfWorkspace[],
): Promise<ParityReport> {
  const report = emptyReport(workspaceId);
  // A wish that cannot be carried out keeps neither those after it waiting nor the rest from being compared.
  const [wishes] = await Promise.allSettled([carryOutWaiting(deps, workspaceId, report)]);
  await takeWaitingSignals(deps, workspaceId);
  report.adopted = await adoptCarried(deps, workspaceId, shards);
  await spreadAll(deps, workspaceId);
  await mendStore(deps, workspaceId, shards, report);
  if (report.mended > 0) {
    publishPrivacy(deps.queueRedis, workspaceId, { kind: 'parityMended', mended: report.mended }, deps.now());
  }
  if (wishes.status === 'rejected') throw wishes.reason;
  return report;
}

async function carryOutWaiting(deps: Deps, workspaceId: string, report: ParityReport): Promise<void> {
  const waiting = (await unacknowledged(deps, workspaceId)).filter(
    ({ requestedAt }) => deps.now() - requestedAt.getTime() >= SETTLE_MS,
  );
  await eachInTurn(
    waiting,
    ({ id }) => id,
    async (wish) => {
      await carryOut(deps, wish);
      report.carriedOut += 1;
    },
  );
}

/** As far as links lead: a customer may be known only by a key that another one shares. */
async function spreadAll(deps: Deps, workspaceId: string): Promise<void> {
  const at = new Date(deps.now());
  for (let step = 0; step < MOST_STEPS; step += 1)
    if ((await spreadDenials(deps, workspaceId, at)) === 0) return;
}

/** Flags in the store that are newer than the record, or unknown to it: an opt-out that travelled with a link. */
async function adoptCarried(
  deps: Deps,
  workspaceId: string,
  shards: readonly ShardOfWorkspace[],
): Promise<number> {
  let adopted = 0;
  for (const shard of shards) {
    for (const partition of await partitionsWithFlags(deps.logRedis, shard)) {
      let cursor = '0';
      do {
        const page = await scanFlags(deps.logRedis, shard.id, partition, cursor);
        const newer = await newerThanRecord(deps, workspaceId, page.flags);
        if (newer.length > 0) await adoptFlags(deps, workspaceId, newer, new Date(deps.now()));
        adopted += newer.length;
        cursor = page.cursor;
      } while (cursor !== '0');
    }
  }
  return adopted;
}

async function newerThanRecord(
  deps: Deps,
  workspaceId: string,
  flags: readonly KeptFlags[],
): Promise<KeptFlags[]> {
  if (flags.length === 0) return [];
  const customers = flags.map(({ customer }) => customer);
  const rows = await consentsOf(deps, workspaceId, customers);
  const record = new Map(rows.map((row) => [row.customer, row]));
  return flags.filter(({ customer, denied, version }) => {
    const row = record.get(customer);
    return row === undefined ? denied.length > 0 : version > row.version;
  });
}

/**
 * Sets the flags of a shard to all that is on record. Done before the first key of a new region is handed out: whoever
 * opted out before the region was there is left alone in it from its first event on.
 */
export async function bringConsents(deps: Deps, workspaceId: string, shard: ShardOfWorkspace): Promise<void> {
  for await (const page of consentPages(deps, workspaceId)) {
    await enforceRecord(deps, workspaceId, [shard], page);
  }
}

async function* consentPages(deps: Deps, workspaceId: string): AsyncGenerator<ConsentOfRecord[]> {
  let after = '';
  for (;;) {
    const page = await consentPage(deps, workspaceId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.customer;
  }
}

async function mendStore(
  deps: Deps,
  workspaceId: string,
  shards: readonly ShardOfWorkspace[],
  report: ParityReport,
): Promise<void> {
  for await (const page of consentPages(deps, workspaceId)) {
    report.checked += page.length;
    const differing = await differingKeys(deps, shards, page);
    if (differing.length > 0) {
      const rows = page.filter(({ customer }) => differing.includes(customer));
      await enforceRecord(deps, workspaceId, shards, rows);
    }
    report.mended += differing.length;
  }
}

async function differingKeys(
  deps: Deps,
  shards: readonly ShardOfWorkspace[],
  page: readonly ConsentOfRecord[],
): Promise<string[]> {
  const record = new Map(page.map((row) => [row.customer, row]));
  const places = placesOf(shards, [...record.keys()]);
  const kept = await flagsOf(deps.logRedis, places);
  const differing = places.filter(({ customer }, i) => {
    const { denied = [], allowedAt = {} } = record.get(customer) ?? {};
    const inStore = new Set(kept[i]?.denied ?? []);
    if (inStore.size !== denied.length || denied.some((purpose) => !inStore.has(purpose))) return true;
    return !sameTimes(allowedAt, kept[i]?.allowedAt ?? {});
  });
  return [...new Set(differing.map(({ customer }) => customer))];
}

function sameTimes(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  const purposes = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...purposes].every((purpose) => one[purpose] === other[purpose]);
}
