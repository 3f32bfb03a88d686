import type { ChoiceFlag, ChoiceRecord, Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace, workspacesWith } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { AssumptionKey } from './choice-terms.schema';

type Db = Pick<Deps, 'db'>;

/** More records than this nobody reads. */
export const MOST_RECORDS = 100;
const MOST_FLAGS = 20;

export type RecordWithFlags = ChoiceRecord & { flags: ChoiceFlag[] };

/** Those of the workspaces in which anything was decided. */
export function workspacesWithRecords({ db }: Db, workspaceIds: readonly string[]): Promise<Set<string>> {
  return workspacesWith(db, workspaceIds, 'SELECT FROM choice_records WHERE workspace_id = $1');
}

/** Records, newest first, each with its flags: those that stand first. */
export function listRecords({ db }: Db, workspaceId: string): Promise<RecordWithFlags[]> {
  return withWorkspace(db, workspaceId, (tx) =>
    tx.choiceRecord.findMany({
      where: { workspaceId },
      orderBy: [{ signedAt: 'desc' }, { id: 'desc' }],
      take: MOST_RECORDS,
      include: {
        flags: {
          orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { startedAt: 'desc' }],
          take: MOST_FLAGS,
        },
      },
    }),
  );
}

/** The record of a subject that stands: the newest. */
export function newestRecord(
  tx: Transaction,
  workspaceId: string,
  subject: string,
): Promise<ChoiceRecord | null> {
  return tx.choiceRecord.findFirst({ where: { workspaceId, subject }, orderBy: { signedAt: 'desc' } });
}

export function countRecords(tx: Transaction, workspaceId: string): Promise<number> {
  return tx.choiceRecord.count({ where: { workspaceId } });
}

export async function insertRecord(
  tx: Transaction,
  row: Prisma.ChoiceRecordUncheckedCreateInput,
): Promise<void> {
  await tx.choiceRecord.create({ data: row });
}

export interface NewFlag {
  id: string;
  workspaceId: string;
  recordId: string;
  assumption: AssumptionKey;
  allowed: number;
  worst: number;
  startedAt: Date;
}

/** @returns false when one of this assumption stands already */
export async function insertFlag(tx: Transaction, flag: NewFlag): Promise<boolean> {
  const { id, workspaceId, recordId, assumption, allowed, worst, startedAt } = flag;
  const added = await tx.$executeRaw`
    INSERT INTO choice_flags (id, workspace_id, record_id, assumption, allowed, worst, started_at)
    VALUES (${id}, ${workspaceId}, ${recordId}, ${assumption}, ${allowed}, ${worst}, ${startedAt})
    ON CONFLICT (record_id, assumption) WHERE ended_at IS NULL DO NOTHING`;
  return added === 1;
}

interface FlagPlace {
  workspaceId: string;
  recordId: string;
  assumption: AssumptionKey;
}

export async function worsenFlag(tx: Transaction, place: FlagPlace, worst: number): Promise<void> {
  await tx.choiceFlag.updateMany({
    where: { ...place, endedAt: null, worst: { lt: worst } },
    data: { worst },
  });
}

/** @returns false when none stands */
export async function endFlag(tx: Transaction, place: FlagPlace, at: Date): Promise<boolean> {
  const { count } = await tx.choiceFlag.updateMany({
    where: { ...place, endedAt: null },
    data: { endedAt: at },
  });
  return count > 0;
}

/** Ends every flag of a record that another has replaced. */
export async function endFlagsOf(tx: Transaction, workspaceId: string, recordId: string, at: Date) {
  await tx.choiceFlag.updateMany({ where: { workspaceId, recordId, endedAt: null }, data: { endedAt: at } });
}

/** Names of people by id, as far as they still exist. */
export async function namesOfSigners({ db }: Db, userIds: readonly string[]): Promise<Map<string, string>> {
  const users = await db.user.findMany({
    where: { id: { in: [...new Set(userIds)] } },
    select: { id: true, name: true },
    take: MOST_RECORDS,
  });
  return new Map(users.map(({ id, name }) => [id, name]));
}

/**
 * Start of the oldest day (UTC) of which history holds an event of the workspace; null: none. Days are looked up in the
 * catalogue and asked one by one, oldest first: the rows themselves are never counted.
 */
export async function oldestHistoryDay({ db }: Db, workspaceId: string): Promise<Date | null> {
  const [found] = await withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<{ day: Date }[]>`
      SELECT day::timestamptz AS day FROM (
        SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS day
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'history_events'::regclass AND c.relname ~ '_[0-9]{8}$'
      ) AS days
      WHERE EXISTS (
        SELECT FROM history_events e
        WHERE e.workspace_id = ${workspaceId} AND e.logged_at >= day AND e.logged_at < day + interval '1 day'
      )
      ORDER BY day LIMIT 1`,
  );
  return found?.day ?? null;
}
