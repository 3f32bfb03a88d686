import type { Deps } from '@/server/platform/deps';
import { withWorkspace, workspacesWith } from '@/server/platform/postgres';
import { type ChainHead, type NewEntry, textAroundSeq } from '../audit-chain';
import type { ConsentOfRecord } from '../consent.repository';
import type { Purpose } from '../purpose.schema';
import type { SignalKind } from './signal-mapping.schema';

/** A signal on its way from the stream to the record. */
export interface WaitingSignal {
  shardId: number;
  partition: number;
  position: string;
  customer: string;
  kind: string;
  denied: string[];
  /** event time */
  at: Date;
}

/** Of these workspaces, those in which signals wait to be taken in. */
export function workspacesWithSignals(
  deps: Pick<Deps, 'db'>,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  return workspacesWith(deps.db, workspaceIds, 'SELECT FROM consent_signal_news WHERE workspace_id = $1');
}

/** Signals that wait, at most `limit`. */
export function waitingSignals(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  limit: number,
): Promise<WaitingSignal[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consentSignalNews.findMany({
      where: { workspaceId },
      omit: { workspaceId: true },
      orderBy: { at: 'asc' },
      take: limit,
    }),
  );
}

/**
 * Takes a signal into the record for all keys of a person, with its audit entry, and off those that wait: all of it, or
 * nothing. What is done is written in the migration that made it.
 * @returns what is in force for the keys for which that changed; no head when it changed for none
 */
export async function recordSignal(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  signal: WaitingSignal,
  { keys, entry }: { keys: readonly string[]; entry: NewEntry },
): Promise<{ record: ConsentOfRecord[]; head: ChainHead | null }> {
  const [before, after] = textAroundSeq(entry);
  const [row] = await deps.db.$queryRaw<
    { record: ConsentOfRecord[]; seq: number | null; hash: string | null }[]
  >`
    SELECT standing AS record, number AS seq, entry_hash AS hash FROM record_signal(
      ${workspaceId}, ${JSON.stringify(signal)}::jsonb, ${[...keys]}::text[], ${entry.at}::timestamptz,
      ${JSON.stringify(entry)}::jsonb, ${before}, ${after})`;
  if (!row) throw new Error('The database answered nothing to a recorded signal');
  const { record, seq, hash } = row;
  return { record, head: seq === null || hash === null ? null : { seq, hash } };
}

/** Signals that deny something for any of these keys of one person: of each kind the newest. */
export async function signalsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<{ kind: SignalKind; denied: Purpose[]; at: Date }[]> {
  const [rows, consents] = await withWorkspace(deps.db, workspaceId, async (tx) => [
    await tx.consentSignal.findMany({
      where: { workspaceId, customer: { in: [...keys] }, denied: { isEmpty: false } },
      orderBy: { at: 'desc' },
      take: keys.length * 10,
    }),
    await tx.consent.findMany({
      where: { workspaceId, customer: { in: [...keys] } },
      select: { customer: true, signalled: true },
    }),
  ]);
  const inForce = new Map(consents.map(({ customer, signalled }) => [customer, signalled]));
  const newest = new Map<string, { kind: SignalKind; denied: Purpose[]; at: Date }>();
  for (const { customer, kind, denied, at } of rows) {
    const standing = denied.filter((purpose) => inForce.get(customer)?.includes(purpose));
    if (standing.length > 0 && !newest.has(kind))
      newest.set(kind, { kind: kind as SignalKind, denied: standing as Purpose[], at });
  }
  return [...newest.values()];
}
