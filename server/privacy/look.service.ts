import { csvText } from '@/server/core/csv-text.schema';
import type { Deps } from '@/server/platform/deps';
import { type LookRow, listLooks } from './look.repository';
import { LOOK_EXPORT_LIMIT, type Look, type LookFilter } from './look.schema';
import { seenBy } from './looks';

/** A page of who saw which field of whom and why, newest first, with the cursor of the next (null at the end). */
export async function looksPage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: LookFilter,
  page: { limit: number; cursor?: number | undefined },
): Promise<{ rows: Look[]; nextCursor: number | null }> {
  const found = await listLooks(deps, workspaceId, wanted(filter, page.cursor), page.limit + 1);
  const rows = found.slice(0, page.limit).map(lookOf);
  return { rows, nextCursor: found.length > page.limit ? (rows.at(-1)?.seq ?? null) : null };
}

const wanted = ({ actorId, customer }: LookFilter, before?: number | undefined) => ({
  actorId,
  customers: customer === undefined ? undefined : [customer],
  before,
});

const CSV_COLUMNS = [
  'seq',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'role',
  'customer',
  'screen',
  'fields',
  'inClear',
  'reason',
];

/** The filtered looks as CSV (RFC 4180), newest first, at most 10,000 rows. */
export async function exportLooks(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: LookFilter,
): Promise<string> {
  const found = await listLooks(deps, workspaceId, wanted(filter), LOOK_EXPORT_LIMIT);
  const rows = found
    .map(lookOf)
    .map((look) => [
      look.seq,
      look.at,
      look.actorKind,
      look.actorId,
      look.actorName ?? '',
      look.role ?? '',
      look.customer,
      look.screen,
      look.fields.join('; '),
      look.inClear ? 'yes' : 'no',
      look.reason ?? '',
    ]);
  return csvText(CSV_COLUMNS, rows);
}

const UNTOLD = { screen: 'not told', fields: [], inClear: false };

export function lookOf(row: LookRow): Look {
  const { seq, at, subject, actorKind, actorId, actorName, role, reason } = row;
  return {
    seq,
    at: at.toISOString(),
    customer: subject ?? '',
    actorKind,
    actorId,
    actorName,
    role,
    reason,
    ...(seenBy(row) ?? UNTOLD),
  };
}
