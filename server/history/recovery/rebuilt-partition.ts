import { offsetKey } from '@/server/event-log';
import { compareEntryIds, type PartitionKeys, partitionKeys, STREAM_START } from '@/server/scaling';
import type { OutputRecord } from '@/server/streaming/partition-step';
import { ANONYMOUS } from '../archive-rows';
import type { PartitionSnapshot, StreamEntry } from '../snapshots/partition-snapshot';
import { type PartitionReplay, present } from './partition-replay';

type Command = [name: string, ...args: (string | number)[]];

/**
 * Added to push sequence and consent version: both go on above whatever they had reached, so that a screen takes the next
 * push for newer, and what a timer publishes at this offset has a position of its own.
 */
const SEQUENCE_LEAP = 1_000_000;
/** Fields of one command, records of one entry: a command stays far below what Redis takes at once. */
const PIECE = 400;

export interface RebuiltPartition {
  replay: PartitionReplay;
  snapshot: PartitionSnapshot | null;
  /** last entry that is in the state */
  offset: string;
  /** where the archive stands in `log` and `out` */
  archived: { log: string; out: string };
  /** outputs that history lacks */
  missing: readonly OutputRecord[];
  /** ms */
  at: number;
}

/** The commands that put a partition back, in order; the offset comes last, and says that all of it is there. */
export function rebuildCommands(rebuilt: RebuiltPartition): Command[] {
  const { replay, snapshot, at } = rebuilt;
  const { set } = replay;
  const keys = partitionKeys(set.shardId, set.partition);
  const commands: Command[] = clearCommands(keys, set.shardId, set.partition);
  const { states, parts } = replay.texts();
  hash(commands, keys.state, states);
  hash(commands, keys.parts, parts);
  hash(commands, keys.redirects, replay.redirects());
  hash(commands, keys.consent, texts(withoutAnonymous(present(set.consent))));
  hash(commands, keys.queue, texts(present(set.queue)));
  hash(commands, keys.cooldowns, texts(present(set.cooldowns)));
  hash(commands, keys.sent, numbers(set.sent));
  hash(commands, keys.inbox, numbers(set.inbox));
  hash(commands, keys.clock, { newest: String(set.clock.newest), tick: String(set.clock.tick) });
  timers(commands, keys.timers, set.timers);
  commands.push(['SET', keys.aggregates, JSON.stringify(set.aggregates)]);
  commands.push(['SET', keys.sequence, Number(snapshot?.sequence ?? 0) + SEQUENCE_LEAP]);
  commands.push(['SET', keys.consentVersion, Number(snapshot?.consentVersion ?? 0) + SEQUENCE_LEAP]);
  const events = Number(snapshot?.offset.n ?? 0) + replay.events;
  streams(commands, keys, rebuilt, events);
  const main = offsetKey(set.shardId, set.partition, 'main');
  commands.push(['HSET', main, 'id', rebuilt.offset, 'n', events, 'at', at]);
  return commands;
}

function clearCommands(keys: PartitionKeys, shardId: number, partition: number): Command[] {
  const { tag: _tag, ...own } = keys;
  const offsets = [offsetKey(shardId, partition, 'main'), offsetKey(shardId, partition, 'archive')];
  return [...offsets, ...Object.values(own)].map((key): Command => ['UNLINK', key]);
}

function hash(commands: Command[], key: string, fields: Record<string, string>): void {
  const flat = Object.entries(fields).flat();
  for (let from = 0; from < flat.length; from += 2 * PIECE)
    commands.push(['HSET', key, ...flat.slice(from, from + 2 * PIECE)]);
}

function timers(commands: Command[], key: string, due: ReadonlyMap<string, number | null>): void {
  const flat: (string | number)[] = [];
  for (const [customer, at] of due) if (at !== null) flat.push(at, customer);
  for (let from = 0; from < flat.length; from += 2 * PIECE)
    commands.push(['ZADD', key, ...flat.slice(from, from + 2 * PIECE)]);
}

/** The logs go on where they were: with what nobody had read, and with ids above all that ever were. */
function streams(commands: Command[], keys: PartitionKeys, rebuilt: RebuiltPartition, events: number): void {
  const { snapshot, archived, offset, replay, missing } = rebuilt;
  const unread = (snapshot?.log ?? []).filter(([id]) => compareEntryIds(id, archived.log) > 0);
  const soFar = unread.map(([, fields]) => Number(fields[fields.indexOf('n') + 1] ?? 0));
  commands.push(['SET', keys.count, Math.max(events, ...soFar)]);
  entries(commands, keys.log, unread);
  reach(commands, keys.log, later(offset, archived.log), unread);
  const unarchived = (snapshot?.out ?? []).filter(([id]) => compareEntryIds(id, archived.out) > 0);
  entries(commands, keys.out, unarchived);
  reach(commands, keys.out, archived.out, unarchived);
  packed(commands, keys.out, missing);
  entries(commands, keys.outbox, snapshot?.outbox ?? []);
  packed(commands, keys.outbox, replay.set.outbox);
}

const later = (a: string, b: string) => (compareEntryIds(a, b) > 0 ? a : b);

function entries(commands: Command[], key: string, kept: readonly StreamEntry[]): void {
  for (const [id, fields] of kept) commands.push(['XADD', key, id, ...fields]);
}

/** Makes the stream's last id at least `id`, without an entry: who followed it sees that it is the same stream. */
function reach(commands: Command[], key: string, id: string, kept: readonly StreamEntry[]): void {
  if (id === STREAM_START || compareEntryIds(kept.at(-1)?.[0] ?? STREAM_START, id) >= 0) return;
  commands.push(['XADD', key, id, 'r', '[]', 'n', '0'], ['XDEL', key, id]);
}

function packed(commands: Command[], key: string, records: readonly object[]): void {
  for (let from = 0; from < records.length; from += PIECE)
    commands.push(['XADD', key, '*', 'r', JSON.stringify(records.slice(from, from + PIECE))]);
}

function texts(values: Record<string, object>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}

function numbers(values: ReadonlyMap<number, number>): Record<string, string> {
  return Object.fromEntries([...values].map(([key, value]) => [String(key), String(value)]));
}

function withoutAnonymous<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== ANONYMOUS));
}
