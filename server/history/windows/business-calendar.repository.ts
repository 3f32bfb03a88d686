import type { BusinessCalendar as Row } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { BusinessCalendar, OpeningHours } from '@/server/streaming/window-shape';
import type { BusinessCalendarForm, BusinessCalendarView } from './business-calendar.schema';

type Db = Pick<Deps, 'db'>;

export const MOST_CALENDARS = 100;

export async function listCalendars({ db }: Db, workspaceId: string): Promise<BusinessCalendarView[]> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.businessCalendar.findMany({ where: { workspaceId }, orderBy: { name: 'asc' }, take: MOST_CALENDARS }),
  );
  return rows.map(viewOf);
}

export async function calendarOf(
  { db }: Db,
  workspaceId: string,
  id: string,
): Promise<BusinessCalendar | null> {
  const row = await withWorkspace(db, workspaceId, (tx) => findCalendar(tx, workspaceId, id));
  return row && { zone: row.zone, hours: row.hours, holidays: row.holidays };
}

export async function findCalendar(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<BusinessCalendarView | null> {
  const row = await tx.businessCalendar.findFirst({ where: { id, workspaceId } });
  return row && viewOf(row);
}

/** Whether another calendar of the workspace has the name already. */
export async function isNameTaken(
  tx: Transaction,
  workspaceId: string,
  name: string,
  except: string | null,
): Promise<boolean> {
  const row = await tx.businessCalendar.findFirst({ where: { workspaceId, name }, select: { id: true } });
  return row !== null && row.id !== except;
}

export function countCalendars(tx: Transaction, workspaceId: string): Promise<number> {
  return tx.businessCalendar.count({ where: { workspaceId } });
}

export async function insertCalendar(
  tx: Transaction,
  row: BusinessCalendarForm & { id: string; workspaceId: string; updatedById: string },
): Promise<void> {
  await tx.businessCalendar.create({ data: row });
}

/** @returns false when it is gone or no longer of this version */
export async function updateCalendar(
  tx: Transaction,
  key: { id: string; workspaceId: string; version: number },
  form: BusinessCalendarForm,
  updatedById: string,
): Promise<boolean> {
  const { count } = await tx.businessCalendar.updateMany({
    where: key,
    data: { ...form, updatedById, version: { increment: 1 } },
  });
  return count === 1;
}

export async function deleteCalendar(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.businessCalendar.deleteMany({ where: { id, workspaceId } });
}

function viewOf({ id, version, name, zone, hours, holidays }: Row): BusinessCalendarView {
  return { id, version, name, zone, hours: hours as unknown as OpeningHours[], holidays };
}
