import { csvText } from '@/server/core/csv-text.schema';
import type { JsonObject } from '@/server/core/json';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { appendEntry, entriesAfter, listEntries, type Transaction, withActorNames } from './audit.repository';
import {
  type ActorKind,
  AUDIT_EXPORT_LIMIT,
  type AuditFilter,
  type AuditState,
  type ChainBreak,
} from './audit.schema';
import { readAnchor, writeAnchor } from './audit-anchor.connector';
import { CHAIN_START, type ChainedEntry, type ChainHead, followChain, type NewEntry } from './audit-chain';

export interface AuditNote {
  workspaceId: string;
  actorKind: ActorKind;
  actorId: string;
  /** `noun.pastTense`, such as `customer.revealed` */
  action: string;
  /** what it was done to, such as a customer key or the id of a record */
  subject?: string | undefined;
  reason?: string | undefined;
  details?: JsonObject | undefined;
}

/** Writes down what someone did. Resolves once it is in the chain; a failure is the caller's to handle. */
export async function writeAudit(deps: AuditDeps, note: AuditNote): Promise<ChainHead> {
  return withAudit(deps, note.workspaceId, (_tx, audit) => audit(note));
}

type AuditDeps = Pick<Deps, 'db' | 'logRedis' | 'now'>;

/**
 * Runs a change of a workspace's records and its audit entries in one transaction, so that a deed and its entry stand
 * or fall together, and anchors the new head afterwards.
 */
export async function withAudit<T>(
  deps: AuditDeps,
  workspaceId: string,
  use: (tx: Transaction, audit: (note: Omit<AuditNote, 'workspaceId'>) => Promise<ChainHead>) => Promise<T>,
): Promise<T> {
  let head: ChainHead | undefined;
  const result = await withWorkspace(deps.db, workspaceId, (tx) =>
    use(tx, async (note) => {
      head = await appendEntry(tx, entryOfNote({ ...note, workspaceId }, new Date(deps.now())));
      return head;
    }),
  );
  if (head) anchorHead(deps, workspaceId, head);
  return result;
}

/** What is noted, as it stands in the chain. Text that no database takes as it is (lone surrogates) is mended first. */
export function entryOfNote(note: AuditNote, at: Date): NewEntry {
  return {
    workspaceId: note.workspaceId,
    at,
    actorKind: note.actorKind,
    actorId: note.actorId,
    action: note.action,
    subject: note.subject?.toWellFormed() ?? null,
    reason: note.reason?.toWellFormed() ?? null,
    details: note.details ?? {},
  };
}

/**
 * Keeps the head outside Postgres as well: a chain alone does not show that its tail was cut. Not waited for: with
 * Redis out of reach the next entry moves the anchor.
 */
export function anchorHead(deps: AuditDeps, workspaceId: string, head: ChainHead): void {
  void writeAnchor(deps.logRedis, workspaceId, head).catch(() => undefined);
}

const VERIFY_BATCH = 1_000;

/** Reads the whole chain of a workspace and follows it, and compares it with what is anchored outside. */
export async function verifyAudit(deps: Deps, workspaceId: string): Promise<AuditState> {
  const anchor = await readAnchor(deps.logRedis, workspaceId).catch(() => null);
  let head: ChainHead = { seq: 0, hash: CHAIN_START };
  const state = (broken: ChainBreak | null): AuditState => ({
    verified: head.seq,
    broken,
    anchoredSeq: anchor?.seq ?? null,
    checkedAt: deps.now(),
  });
  let replaced: number | undefined;
  for (;;) {
    const entries = await entriesAfter(deps, workspaceId, head.seq, VERIFY_BATCH);
    const followed = followChain(head, entries);
    if ('why' in followed) return state(followed);
    replaced ??= entries.find(({ seq, hash }) => (anchor?.heads.get(seq) ?? hash) !== hash)?.seq;
    head = followed;
    if (entries.length < VERIFY_BATCH) break;
  }
  if (anchor === null) return state(null);
  if (anchor.seq > head.seq) return state({ seq: head.seq + 1, why: 'cutTail' });
  const changed = anchor.fork ?? replaced;
  return state(changed === undefined ? null : { seq: changed, why: 'changed' });
}

export interface AuditRow extends ChainedEntry {
  /** name of the person, or of the program's key */
  actorName: string | null;
}

/** A page of the audit, newest first, with the cursor of the next (null at the end). */
export async function listAudit(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: AuditFilter,
  page: { limit: number; cursor?: number | undefined },
): Promise<{ rows: AuditRow[]; nextCursor: number | null }> {
  const entries = await listEntries(deps, workspaceId, filter, {
    limit: page.limit + 1,
    before: page.cursor,
  });
  const rows = await withActorNames(deps, workspaceId, entries.slice(0, page.limit));
  return { rows, nextCursor: entries.length > page.limit ? (rows.at(-1)?.seq ?? null) : null };
}

const CSV_COLUMNS = [
  'seq',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'subject',
  'reason',
  'details',
  'hash',
];

/** The filtered audit as CSV (RFC 4180), newest first, at most 10,000 rows. */
export async function exportAudit(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: AuditFilter,
): Promise<string> {
  const entries = await listEntries(deps, workspaceId, filter, { limit: AUDIT_EXPORT_LIMIT });
  const rows = await withActorNames(deps, workspaceId, entries);
  return csvText(
    CSV_COLUMNS,
    rows.map((row) => [
      row.seq,
      row.at.toISOString(),
      row.actorKind,
      row.actorId,
      row.actorName ?? '',
      row.action,
      row.subject ?? '',
      row.reason ?? '',
      JSON.stringify(row.details),
      row.hash,
    ]),
  );
}
