import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import { type AudienceInput, MAX_AUDIENCES, type RuleAudience } from './audience.schema';

export interface AudienceRow extends RuleAudience {
  description: string;
  updatedById: string;
  updatedAt: Date;
  rules: { id: string; name: string; enabled: boolean }[];
}

const MAX_RULES = 500;
const ROW = {
  id: true,
  version: true,
  name: true,
  description: true,
  condition: true,
  updatedById: true,
  updatedAt: true,
  rules: {
    select: { id: true, name: true, enabled: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MAX_RULES,
  },
} satisfies Prisma.AudienceSelect;

export function listAudiences(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<AudienceRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.audience.findMany({
      where: { workspaceId },
      select: ROW,
      orderBy: { name: 'asc' },
      take: MAX_AUDIENCES,
    }),
  );
}

export function audienceIn(tx: Transaction, workspaceId: string, id: string): Promise<AudienceRow | null> {
  return tx.audience.findFirst({ where: { workspaceId, id }, select: ROW });
}

export function findAudience(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  id: string,
): Promise<AudienceRow | null> {
  return withWorkspace(deps.db, workspaceId, (tx) => audienceIn(tx, workspaceId, id));
}

/** Names of the people who last changed audiences, by id; who has left is not in it. */
export async function namesOf(
  { db }: Pick<Deps, 'db'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const people = await db.user.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(people.map(({ id, name }) => [id, name]));
}

/** An audience that stays as it is until the transaction ends; others may still read it, and lock it likewise. */
export async function lockAudience(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<RuleAudience | null> {
  const [row] = await tx.$queryRaw<RuleAudience[]>`
    SELECT id, version, name, condition FROM audiences
    WHERE workspace_id = ${workspaceId} AND id = ${id} FOR SHARE`;
  return row ?? null;
}

/** Waits for whoever holds the audience for a rule, and keeps others from naming it until the transaction ends. */
export async function claimAudience(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM audiences WHERE workspace_id = ${workspaceId} AND id = ${id} FOR UPDATE`;
}

export function countAudiences(tx: Transaction, workspaceId: string): Promise<number> {
  return tx.audience.count({ where: { workspaceId } });
}

export async function isNameTaken(
  tx: Transaction,
  workspaceId: string,
  name: string,
  except: string | null,
): Promise<boolean> {
  const row = await tx.audience.findFirst({ where: { workspaceId, name }, select: { id: true } });
  return row !== null && row.id !== except;
}

export async function insertAudience(
  tx: Transaction,
  row: AudienceInput & { id: string; workspaceId: string; updatedById: string },
): Promise<void> {
  await tx.audience.create({ data: row });
}

/** @returns false when it is gone or no longer of this version */
export async function updateAudience(
  tx: Transaction,
  key: { id: string; workspaceId: string; version: number },
  input: AudienceInput,
  updatedById: string,
): Promise<boolean> {
  const { count } = await tx.audience.updateMany({
    where: key,
    data: { ...input, updatedById, version: { increment: 1 } },
  });
  return count === 1;
}

export async function deleteAudience(tx: Transaction, workspaceId: string, id: string): Promise<void> {
  await tx.audience.deleteMany({ where: { id, workspaceId } });
}
