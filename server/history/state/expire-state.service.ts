import type { ShardDescription } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { partitionKeys } from '@/server/scaling';
import type { StatePolicy } from '../snapshots/state-policy.repository';
import { forgetEvictions, noteEvictions } from './eviction.repository';
import {
  addCounts,
  bytesOf,
  type ExpiringKind,
  type ExpiryCount,
  type ExpiryRules,
  isInactive,
  isRested,
  isVisiting,
  NO_EXPIRY,
  type StoredCustomer,
} from './expired-state';
import { clockOf, dropCooldowns, evictCustomers, readStoredCustomers } from './expiry.repository';
import { activePartitions } from './partition-list.repository';
import { scanPage } from './stored-states.repository';

export type ExpiryReport = Record<ExpiringKind, ExpiryCount> & {
  /** partitions looked at, of how many: a look ends when its time is up */
  partitions: number;
  of: number;
};

export interface ExpiryRun {
  policy: Pick<StatePolicy, 'inactiveDays' | 'cooldownDays'>;
  /** only look, and count what a run would remove */
  dryRun: boolean;
  /** ms; what is not looked at by then is left for the next time */
  limitMs: number;
}

const PAGE = 200;

/** Removes, or with `dryRun` only counts, what is older than the policy says, in every partition of a workspace's shards. */
export async function expireState(
  deps: Deps,
  shards: readonly ShardDescription[],
  run: ExpiryRun,
): Promise<ExpiryReport> {
  const deadline = deps.now() + run.limitMs;
  const report: ExpiryReport = { customers: NO_EXPIRY, cooldowns: NO_EXPIRY, partitions: 0, of: 0 };
  for (const shard of shards) {
    const partitions = await activePartitions(deps, shard.shardId);
    report.of += partitions.length;
    for (const partition of partitions) {
      if (deps.now() >= deadline) break;
      await expirePartition(deps, shard, partition, run, report);
      report.partitions += 1;
    }
  }
  return report;
}

async function expirePartition(
  deps: Deps,
  shard: ShardDescription,
  partition: number,
  run: ExpiryRun,
  report: ExpiryReport,
): Promise<void> {
  const { state, cooldowns } = partitionKeys(shard.shardId, partition);
  if (run.policy.inactiveDays !== null)
    await eachPage(deps, state, async (customers) => {
      const { found, offset, rules } = await lookAt(deps, shard, partition, run, customers);
      const inactive = found.filter((one) => isInactive(one, rules));
      const gone = run.dryRun ? inactive : await evict(deps, shard, partition, offset, inactive);
      report.customers = addCounts(report.customers, countOf(gone, 'state', rules));
    });
  if (run.policy.cooldownDays !== null)
    await eachPage(deps, cooldowns, async (customers) => {
      const { found, rules } = await lookAt(deps, shard, partition, run, customers);
      // Those that leave whole take their cool-downs along, and are counted there.
      const rested = found.filter((one) => isRested(one, rules) && !isInactive(one, rules));
      const gone = run.dryRun ? rested : await dropRested(deps, shard, partition, rested);
      report.cooldowns = addCounts(report.cooldowns, countOf(gone, 'cooldowns', rules));
    });
}

/** Customers as they are now, and by which rules they leave at this moment of their partition. */
async function lookAt(
  { logRedis }: Deps,
  { shardId, settings }: ShardDescription,
  partition: number,
  { policy }: ExpiryRun,
  customers: string[],
): Promise<{ found: StoredCustomer[]; offset: string; rules: ExpiryRules }> {
  const { clock, offset } = await clockOf(logRedis, shardId, partition);
  const found = await readStoredCustomers(logRedis, partitionKeys(shardId, partition), customers);
  return { found, offset, rules: { ...policy, clock, visitGapMs: settings.visitGapMs } };
}

async function dropRested(
  { logRedis }: Deps,
  { shardId }: ShardDescription,
  partition: number,
  rested: readonly StoredCustomer[],
): Promise<StoredCustomer[]> {
  if (rested.length === 0) return [];
  const gone = new Set(await dropCooldowns(logRedis, partitionKeys(shardId, partition), rested));
  return rested.filter(({ customer }) => gone.has(customer));
}

/** Every field of a hash once, a page at a time; what a scan gives twice is looked at once. */
async function eachPage(
  deps: Pick<Deps, 'logRedis'>,
  key: string,
  use: (fields: string[]) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const page = await scanPage(deps, key, cursor, PAGE);
    const fields = page.entries.map(([field]) => field).filter((field) => !seen.has(field));
    for (const field of fields) seen.add(field);
    for (let from = 0; from < fields.length; from += PAGE) await use(fields.slice(from, from + PAGE));
    cursor = page.cursor;
  } while (cursor !== '0');
}

/** What begins anew is noted before it goes: else a return would be compared with what no longer counts. */
async function evict(
  deps: Deps,
  { workspaceId, shardId }: ShardDescription,
  partition: number,
  offset: string,
  inactive: readonly StoredCustomer[],
): Promise<StoredCustomer[]> {
  if (inactive.length === 0) return [];
  const notes = inactive.map(({ customer }) => ({ customer, shardId, partition, offset }));
  await noteEvictions(deps, workspaceId, notes, new Date(deps.now()));
  const gone = new Set(await evictCustomers(deps.logRedis, { shardId, partition }, offset, inactive));
  const stayed = inactive.filter(({ customer }) => !gone.has(customer));
  await forgetEvictions(
    deps,
    workspaceId,
    stayed.map(({ customer }) => customer),
  );
  return inactive.filter(({ customer }) => gone.has(customer));
}

function countOf(
  customers: readonly StoredCustomer[],
  kind: 'state' | 'cooldowns',
  rules: ExpiryRules,
): ExpiryCount {
  return {
    keys: customers.length,
    bytes: customers.reduce((sum, one) => sum + bytesOf(one.customer, one[kind]), 0),
    activeVisits: customers.filter((one) => isVisiting(one, rules)).length,
  };
}
