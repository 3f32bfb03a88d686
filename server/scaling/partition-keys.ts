import { countKey, logKey, type ProcessorGroup, partitionTag } from '@/server/event-log';

/** Names of everything the stream side knows of one partition, all under its one hash tag (see ADR 1). */
export interface PartitionKeys {
  tag: string;
  log: string;
  count: string;
  state: string;
  parts: string;
  redirects: string;
  consent: string;
  consentVersion: string;
  timers: string;
  clock: string;
  aggregates: string;
  queue: string;
  cooldowns: string;
  out: string;
  outbox: string;
  sent: string;
  inbox: string;
  sequence: string;
}

const known = new Map<string, PartitionKeys>();

/** The keys of a partition. Remembered, since every round asks for them. */
export function partitionKeys(shardId: number, partition: number): PartitionKeys {
  const tag = partitionTag(shardId, partition);
  const before = known.get(tag);
  if (before) return before;
  const keys: PartitionKeys = {
    tag,
    log: logKey(shardId, partition),
    count: countKey(shardId, partition),
    state: `${tag}:state`,
    parts: `${tag}:parts`,
    redirects: `${tag}:redirects`,
    consent: `${tag}:consent`,
    consentVersion: `${tag}:consent:v`,
    timers: `${tag}:timers`,
    clock: `${tag}:clock`,
    aggregates: `${tag}:agg`,
    queue: `${tag}:queue`,
    cooldowns: `${tag}:cooldown`,
    out: `${tag}:out`,
    outbox: `${tag}:outbox`,
    sent: `${tag}:sent`,
    inbox: `${tag}:inbox`,
    sequence: `${tag}:seq`,
  };
  known.set(tag, keys);
  return keys;
}

/** Field of a part that is kept beside a customer's state. */
export function partField(customer: string, number: number): string {
  return `${customer}\n${number}`;
}

/** Processor groups that hold leases of their own. */
export type Group = ProcessorGroup;
export const GROUPS: readonly Group[] = ['main', 'archive'];

export function epochKey(shardId: number, partition: number, group: Group): string {
  return `${partitionTag(shardId, partition)}:epoch:${group}`;
}

/** One partition as text, in jobs, doorbells and heartbeats: `<shard>.<partition>`. */
export function partitionName(shardId: number, partition: number): string {
  return `${shardId}.${partition}`;
}

/** @returns null for anything that is not `<shard>.<partition>` */
export function parsePartitionName(name: string): { shardId: number; partition: number } | null {
  const dot = name.indexOf('.');
  if (dot <= 0) return null;
  const shardId = Number(name.slice(0, dot));
  const partition = Number(name.slice(dot + 1));
  if (!Number.isInteger(shardId) || !Number.isInteger(partition) || partition < 0) return null;
  return { shardId, partition };
}
