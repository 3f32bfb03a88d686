import { DAY_MS, SECOND_MS } from '@/server/core/durations';
import { maskKey } from '@/server/features';
import { type PersonActor, shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import { changePolicy, policyIn, readStatePolicy } from '../snapshots/state-policy.repository';
import type { ExpiryForm } from '../state-policy.schema';
import { lastSweeps, listDivergences } from './divergence.repository';
import { type ExpiryReport, expireState } from './expire-state.service';
import { sizesOf } from './inventory.job';
import { type StateKind, sizesBefore } from './inventory.repository';
import { coveredCustomers, sweepPace } from './sweep-pace';
import { readProgress, readShare } from './sweep-progress.repository';
import { checkPeriodMs } from './sweep-state.job';

export interface KindGrowth {
  kind: StateKind;
  keys: number;
  bytes: number;
  /** against the sample nearest to a day ago; null: there is none yet */
  grown: { keys: number; bytes: number; since: number } | null;
}

export interface StateOverview {
  at: number;
  kinds: KindGrowth[];
  /** newest event of the customer silent longest, ms, as the last sweep saw it */
  oldestAt: number | null;
  policy: ExpiryForm;
  check: {
    periodMs: number;
    /** customers who are all recomputed within the period; with more it takes longer */
    covered: number;
    customers: number;
    sweepMs: number;
    detectionMs: number;
    /** the sweep under way */
    seen: number;
    startedAt: number | null;
    last: {
      startedAt: number;
      finishedAt: number;
      checked: number;
      divergent: number;
      skipped: number;
    } | null;
  };
  divergences: {
    customer: string;
    partition: number;
    foundAt: number;
    seenAt: number;
    endedAt: number | null;
    parts: string[];
  }[];
}

const LISTED = 100;

/** Everything the state page shows but single customers. */
export async function stateOverview(deps: Deps, workspaceId: string): Promise<StateOverview> {
  const at = deps.now();
  const shards = await shardsOf(deps, workspaceId);
  const [sizes, past, policy, sweeps, progress, share, divergences] = await Promise.all([
    sizesOf(deps, shards),
    sizesBefore(deps, workspaceId, new Date(at - DAY_MS)),
    readStatePolicy(deps, workspaceId),
    lastSweeps(deps, workspaceId, 1),
    readProgress(deps, workspaceId),
    readShare(deps),
    listDivergences(deps, workspaceId, LISTED),
  ]);
  const before = new Map(past.map((size) => [size.kind, size]));
  const kinds = sizes.map(({ kind, keys, bytes }): KindGrowth => {
    const then = before.get(kind);
    const grown = then && { keys: keys - then.keys, bytes: bytes - then.bytes, since: then.at.getTime() };
    return { kind, keys, bytes, grown: grown ?? null };
  });
  const customers = sizes.find(({ kind }) => kind === 'customers')?.keys ?? 0;
  const periodMs = checkPeriodMs();
  const { sweepMs, detectionMs } = sweepPace(customers, periodMs, share);
  const [last] = sweeps;
  return {
    at,
    kinds,
    oldestAt: last?.oldestAt?.getTime() ?? progress?.oldestAt ?? null,
    policy: { inactiveDays: policy.inactiveDays, cooldownDays: policy.cooldownDays },
    check: {
      periodMs,
      covered: coveredCustomers(periodMs, share),
      customers,
      sweepMs,
      detectionMs,
      seen: progress?.seen ?? 0,
      startedAt: progress?.startedAt ?? null,
      last: last ? lastOf(last) : null,
    },
    divergences: divergences.map(({ customer, partition, foundAt, seenAt, endedAt, parts }) => ({
      customer: maskKey(customer),
      partition,
      foundAt: foundAt.getTime(),
      seenAt: seenAt.getTime(),
      endedAt: endedAt?.getTime() ?? null,
      parts,
    })),
  };
}

function lastOf(row: Awaited<ReturnType<typeof lastSweeps>>[number]): StateOverview['check']['last'] {
  const { startedAt, finishedAt, checked, divergent, skipped } = row;
  return {
    startedAt: startedAt.getTime(),
    finishedAt: (finishedAt ?? startedAt).getTime(),
    checked,
    divergent,
    skipped,
  };
}

/** A dry run on a page ends after this long; what was not looked at by then is said. */
const DRY_RUN_LIMIT_MS = 15 * SECOND_MS;

export async function tryExpiry(deps: Deps, workspaceId: string, policy: ExpiryForm): Promise<ExpiryReport> {
  const shards = await shardsOf(deps, workspaceId);
  return expireState(deps, shards, { policy, dryRun: true, limitMs: DRY_RUN_LIMIT_MS });
}

/** Changes what leaves by age, from the next run on. Audited with what it was before. */
export async function changeExpiry(deps: Deps, actor: PersonActor, form: ExpiryForm): Promise<void> {
  const { workspaceId, userId } = actor;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const { inactiveDays, cooldownDays } = await policyIn(tx, workspaceId);
    await changePolicy(tx, workspaceId, form);
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'statePolicy.changed',
      subject: workspaceId,
      details: { before: { inactiveDays, cooldownDays }, after: form },
    });
  });
}
