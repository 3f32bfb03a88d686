import { claimsKey, countKey, offsetKey, pendingClaimsKey, refusedEntriesKey } from '@/server/event-log';
import { RedisScript } from '@/server/platform/redis-script';
import { epochKey, partitionKeys } from '@/server/scaling';
import type { WorkingSet } from '@/server/streaming/partition-step';
import { CLAIMED_COMMIT_SCRIPT, COMMIT_SCRIPT } from './commit-script';
import type { PartitionMemory } from './partition-memory';

export const commitScript = new RedisScript(COMMIT_SCRIPT);
export const claimedCommitScript = new RedisScript(CLAIMED_COMMIT_SCRIPT);

const KEY_COUNT = 17;
const CLAIM_KEY_COUNT = 4;
type Arg = string | number;
/** As `evalsha` takes them: hash of the script, number of keys, keys and arguments. */
export type CommitArguments = [sha: string, keys: number, ...Arg[]];

/** Where a batch ends. */
export interface BatchEnd {
  offset: string;
  /** customer events processed up to there */
  events: number;
  /** processing time, ms */
  at: number;
}

/** What a batch of a log with claims takes with it (ADR 6). */
export interface BatchClaims {
  claims: string[];
  /** entries that were read without effect */
  refused: string[];
}

export type CommitRefusal = 'STALE_EPOCH' | 'OFFSET_MOVED' | 'CONSENT_CHANGED' | 'CLAIM_GONE';

export type CommitResult =
  | {
      ok: true;
      sequence: number;
      outboxId: string;
      consentVersion: string;
      nextTimer: number | null;
      due: string[];
    }
  | { ok: false; reason: CommitRefusal };

/** The arguments of the commit of one partition's batch, for EVALSHA. */
export function commitArguments(
  memory: PartitionMemory,
  end: BatchEnd,
  outboxText: string,
  taken: BatchClaims | null = null,
): CommitArguments {
  const { set } = memory;
  const { shardId, partition } = set;
  const keys = partitionKeys(shardId, partition);
  const args: Arg[] = [
    epochKey(shardId, partition, 'main'),
    offsetKey(shardId, partition, 'main'),
    keys.consentVersion,
    keys.sequence,
    keys.clock,
    keys.aggregates,
    keys.timers,
    keys.out,
    keys.outbox,
    keys.state,
    keys.parts,
    keys.queue,
    keys.cooldowns,
    keys.redirects,
    keys.consent,
    keys.inbox,
    keys.sent,
  ];
  if (taken) {
    args.push(claimsKey(shardId, partition), pendingClaimsKey(shardId, partition));
    args.push(countKey(shardId, partition), refusedEntriesKey(shardId, partition));
  }
  args.push(
    memory.epoch,
    memory.offset,
    memory.consentVersion,
    memory.sequence,
    end.offset,
    end.events,
    end.at,
    set.clock.newest,
    set.clock.tick,
    JSON.stringify(set.aggregates),
    set.outputs.length === 0 ? '' : JSON.stringify(set.outputs),
    outboxText,
    set.changedConsent.size === 0 ? 0 : 1,
  );
  pushChanges(args, memory);
  if (!taken) return [commitScript.sha, KEY_COUNT, ...args];
  args.push(...taken.claims, taken.claims.length, ...taken.refused, taken.refused.length);
  return [claimedCommitScript.sha, KEY_COUNT + CLAIM_KEY_COUNT, ...args];
}

const NO_NUMBERS = new Map<number, number>();

function pushChanges(args: Arg[], memory: PartitionMemory): void {
  const { set } = memory;
  pushHash(args, set.states, set.changedStates, (state) => JSON.stringify(state));
  pushHash(args, memory.parts, memory.parts.keys(), (part) => part);
  pushHash(args, set.queue, set.changedQueue, (entry) => JSON.stringify(entry));
  pushHash(args, set.cooldowns, set.changedCooldowns, (cooldowns) => JSON.stringify(cooldowns));
  pushHash(args, set.redirects, set.changedRedirects, (target) => target);
  pushHash(args, set.consent, set.changedConsent, (flags) => JSON.stringify(flags));
  pushNumbers(args, memory.inboxTouched ? set.inbox : NO_NUMBERS);
  pushNumbers(args, set.outbox.length > 0 ? set.sent : NO_NUMBERS);
  pushTimers(args, set);
}

function pushHash<T>(
  args: Arg[],
  values: Map<string, T | null>,
  changed: Iterable<string>,
  text: (value: T) => string,
): void {
  const at = args.length;
  let sets = 0;
  args.push(0);
  const gone: string[] = [];
  for (const key of changed) {
    const value = values.get(key);
    if (value === null || value === undefined) {
      gone.push(key);
    } else {
      args.push(key, text(value));
      sets += 1;
    }
  }
  args[at] = sets;
  args.push(gone.length, ...gone);
}

/** Sequence numbers per partition: few, and only grow, so they are written whole when any may have moved. */
function pushNumbers(args: Arg[], numbers: Map<number, number>): void {
  args.push(numbers.size);
  for (const [partition, value] of numbers) args.push(partition, value);
  args.push(0);
}

function pushTimers(args: Arg[], set: WorkingSet): void {
  const at = args.length;
  let adds = 0;
  args.push(0);
  const gone: string[] = [];
  for (const customer of set.changedTimers) {
    const due = set.timers.get(customer);
    if (due === null || due === undefined) {
      gone.push(customer);
    } else {
      args.push(due, customer);
      adds += 1;
    }
  }
  args[at] = adds;
  args.push(gone.length, ...gone);
}

/** Reads the script's reply. */
export function commitResultOf(reply: unknown): CommitResult {
  const [status, sequence, outboxId, consentVersion, nextTimer, ...due] = reply as [string, ...string[]];
  if (status !== 'OK') return { ok: false, reason: status as CommitRefusal };
  return {
    ok: true,
    sequence: Number(sequence),
    outboxId: outboxId ?? '',
    consentVersion: consentVersion ?? '0',
    nextTimer: nextTimer ? Number(nextTimer) : null,
    due,
  };
}
