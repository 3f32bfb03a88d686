import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '@/server/core/json';
import type { ChainBreak } from './audit.schema';

/** An entry of the audit without its place in the database. */
export interface ChainedEntry {
  workspaceId: string;
  seq: number;
  at: Date;
  actorKind: string;
  actorId: string;
  action: string;
  subject: string | null;
  reason: string | null;
  details: JsonObject;
  prevHash: string;
  hash: string;
}

/** What the first entry of a workspace points back to. */
export const CHAIN_START = '0'.repeat(64);

/** An entry before it has its place in the chain. */
export type NewEntry = Omit<ChainedEntry, 'seq' | 'prevHash' | 'hash'>;

/**
 * The canonical JSON of everything an entry says, in the two parts around its number: the number is given by the
 * database, under its lock.
 */
export function textAroundSeq(entry: NewEntry): [before: string, after: string] {
  const { workspaceId, at, actorKind, actorId, action, subject, reason, details } = entry;
  const before = canonicalJson({ action, actorId, actorKind, at: at.toISOString(), details, reason });
  const after = canonicalJson({ subject, workspaceId });
  return [`${before.slice(0, -1)},"seq":`, `,${after.slice(1)}`];
}

/** SHA-256, in hex, over the previous hash and the canonical JSON of everything the entry says. */
export function entryHash(entry: Omit<ChainedEntry, 'hash'>): string {
  const [before, after] = textAroundSeq(entry);
  return createHash('sha256').update(`${entry.prevHash}${before}${entry.seq}${after}`).digest('hex');
}

export interface ChainHead {
  seq: number;
  hash: string;
}

/** Follows entries in order of their numbers from `from`; the first break, or the new head. */
export function followChain(from: ChainHead, entries: readonly ChainedEntry[]): ChainBreak | ChainHead {
  let head = from;
  for (const entry of entries) {
    if (entry.seq !== head.seq + 1) return { seq: head.seq + 1, why: 'missing' };
    if (entry.prevHash !== head.hash) return { seq: entry.seq, why: 'unlinked' };
    if (entryHash(entry) !== entry.hash) return { seq: entry.seq, why: 'changed' };
    head = { seq: entry.seq, hash: entry.hash };
  }
  return head;
}
