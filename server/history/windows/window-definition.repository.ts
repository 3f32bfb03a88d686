import type { WindowedAggregate } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { WindowDefinition, WindowForm, WindowView } from './window-definition.schema';

type Db = Pick<Deps, 'db'>;

/** More than this nobody can look after; creating another is refused. */
export const MOST_DEFINITIONS = 200;

export async function listWindows({ db }: Db, workspaceId: string): Promise<WindowView[]> {
  return withWorkspace(db, workspaceId, async (tx) => {
    const rows = await tx.windowedAggregate.findMany({
      where: { workspaceId },
      orderBy: { createdAt: 'asc' },
      take: MOST_DEFINITIONS,
    });
    const ids = [...new Set(rows.map(({ updatedById }) => updatedById))];
    const people = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return rows.map((row) => ({
      ...formOf(row),
      id: row.id,
      version: row.version,
      updatedBy: names.get(row.updatedById) ?? 'somebody who has left',
      updatedAt: row.updatedAt.getTime(),
    }));
  });
}

export function countWindows(tx: Transaction, workspaceId: string): Promise<number> {
  return tx.windowedAggregate.count({ where: { workspaceId } });
}

export async function findWindow(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<WindowForm | null> {
  const row = await tx.windowedAggregate.findFirst({ where: { id, workspaceId } });
  return row && formOf(row);
}

/** Names of definitions whose windows follow a calendar. */
export async function namesUsingCalendar(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<string[]> {
  const rows = await tx.windowedAggregate.findMany({
    where: { workspaceId, definition: { path: ['alignment', 'calendarId'], equals: id } },
    select: { name: true },
    take: MOST_DEFINITIONS,
  });
  return rows.map(({ name }) => name);
}

export async function insertWindow(
  tx: Transaction,
  row: WindowForm & { id: string; workspaceId: string; updatedById: string },
): Promise<void> {
  await tx.windowedAggregate.create({ data: row });
}

/** @returns false when it is gone or no longer of this version */
export async function updateWindow(
  tx: Transaction,
  key: { id: string; workspaceId: string; version: number },
  form: WindowForm,
  updatedById: string,
): Promise<boolean> {
  const { count } = await tx.windowedAggregate.updateMany({
    where: key,
    data: { ...form, updatedById, version: { increment: 1 } },
  });
  return count === 1;
}

export async function deleteWindow(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.windowedAggregate.deleteMany({ where: { id, workspaceId } });
}

function formOf({ name, definition }: WindowedAggregate): WindowForm {
  return { name, definition: definition as unknown as WindowDefinition };
}
