import type { Deps } from '@/server/platform/deps';
import { type ChainHead, type NewEntry, textAroundSeq } from './audit-chain';
import type { ConsentOfRecord, ShardOfWorkspace } from './consent.repository';
import type { EnforcementPoint } from './opt-out.schema';

/**
 * The steps of a change of consent, each one statement and so one transaction: who asks to be left alone waits for no
 * more answers than needed. What they do is written in the migration that made them; each sets its workspace.
 */

export interface Survey {
  /** those asked for and what the archive links with them, directly or over others */
  keys: string[];
  shards: ShardOfWorkspace[];
}

export async function surveyPerson(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
  maxKeys: number,
): Promise<Survey> {
  const [row] = await deps.db.$queryRaw<Survey[]>`
    SELECT keys, shards FROM survey_person(${workspaceId}, ${[...keys]}::text[], ${maxKeys}::int)`;
  return row ?? { keys: [...keys], shards: [] };
}

/** A customer's wish on its way into the record. */
export interface WishToRecord {
  id: string;
  workspaceId: string;
  customer: string;
  purpose: string;
  optedIn: boolean;
  reason: string | null;
  actorKind: string;
  actorId: string;
  requestedAt: Date;
}

/** Writes down what each key denies now, the request and its audit entry: all of it, or nothing. */
export async function recordWish(
  deps: Pick<Deps, 'db'>,
  wish: WishToRecord,
  keys: readonly string[],
  entry: NewEntry,
): Promise<{ record: ConsentOfRecord[]; head: ChainHead }> {
  const { requestedAt, workspaceId, ...told } = wish;
  const [before, after] = textAroundSeq(entry);
  const [row] = await deps.db.$queryRaw<{ record: ConsentOfRecord[]; seq: number; hash: string }[]>`
    SELECT standing AS record, number AS seq, entry_hash AS hash FROM record_wish(
      ${workspaceId}, ${JSON.stringify({ ...told, at: requestedAt })}::jsonb, ${[...keys]}::text[],
      ${JSON.stringify(entry)}::jsonb, ${before}, ${after})`;
  if (!row) throw new Error('The database answered nothing to a recorded wish');
  const { record, seq, hash } = row;
  return { record, head: { seq, hash } };
}

export interface Settlement {
  /** the wish to acknowledge; null when flags are only being mended */
  wish: { id: string; customer: string; purpose: string; optedIn: boolean } | null;
  /** what the store was just set to */
  record: readonly ConsentOfRecord[];
  /** keys the stream links with those of the record */
  storeLinks: readonly string[];
  enforcement: EnforcementPoint[];
  at: Date;
  maxKeys: number;
}

/**
 * Ends a change of consent: when no further key turned up and nobody changed the record meanwhile, the wish is
 * acknowledged and null is returned; else the record that the store must be set to next.
 */
export async function settle(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  { wish, record, storeLinks, enforcement, at, maxKeys }: Settlement,
): Promise<ConsentOfRecord[] | null> {
  const keys = record.map(({ customer }) => customer);
  const versions = record.map(({ version }) => version);
  const told = wish && {
    id: wish.id,
    customer: wish.customer,
    purpose: wish.purpose,
    optedIn: wish.optedIn,
    at,
  };
  const [row] = await deps.db.$queryRaw<{ next: ConsentOfRecord[] | null }[]>`
    SELECT settle_consent(
      ${workspaceId}, ${keys}::text[], ${versions}::int[], ${[...storeLinks]}::text[],
      ${told && JSON.stringify(told)}::jsonb, ${JSON.stringify(enforcement)}::jsonb, ${maxKeys}::int) AS next`;
  return row?.next ?? null;
}
