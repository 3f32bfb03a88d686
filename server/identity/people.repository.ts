import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import type { Role } from './policy';

type Db = Pick<Deps, 'db'>;
type Tx = Prisma.TransactionClient;

/** Sign-in by password, as the sign-in library keeps it. */
const CREDENTIAL = 'credential';

export async function anybodyRegistered(deps: Db): Promise<boolean> {
  return (await deps.db.user.findFirst({ select: { id: true } })) !== null;
}

/** A person by address, with the hash of their password; null when unknown. */
export async function personByEmail(deps: Db, email: string) {
  const found = await deps.db.user.findUnique({
    where: { email },
    select: {
      id: true,
      name: true,
      accounts: { where: { providerId: CREDENTIAL }, select: { password: true }, take: 1 },
    },
  });
  if (found === null) return null;
  return { userId: found.id, name: found.name, passwordHash: found.accounts[0]?.password ?? null };
}

export interface NewPerson {
  userId: string;
  accountId: string;
  name: string;
  email: string;
  passwordHash: string;
}

/** Adds a person who can sign in; they are in no workspace yet. */
export async function insertPerson(tx: Tx, { userId, accountId, name, email, passwordHash }: NewPerson) {
  await tx.user.create({ data: { id: userId, name, email, emailVerified: true } });
  await tx.account.create({
    data: { id: accountId, accountId: userId, providerId: CREDENTIAL, userId, password: passwordHash },
  });
}

export async function insertMembership(
  tx: Tx,
  membership: { id: string; workspaceId: string; userId: string; role: Role },
) {
  await tx.membership.upsert({
    where: { workspaceId_userId: { workspaceId: membership.workspaceId, userId: membership.userId } },
    create: membership,
    update: { role: membership.role },
  });
}

/**
 * Changes or ends a membership and the person's sessions in the workspace, with its administrators locked, so that two
 * at once cannot both be the last to go.
 * @returns the role before; null when the person is not in the workspace; `last-admin` when nobody would be left
 */
export async function replaceRole(
  tx: Tx,
  workspaceId: string,
  userId: string,
  role: Role | null,
): Promise<Role | null | 'last-admin'> {
  const admins = await tx.$queryRaw<{ userId: string }[]>`
    SELECT user_id AS "userId" FROM memberships
    WHERE workspace_id = ${workspaceId} AND role = 'admin' FOR UPDATE`;
  const key = { workspaceId_userId: { workspaceId, userId } };
  const present = await tx.membership.findUnique({ where: key, select: { role: true } });
  if (present === null) return null;
  const adminRemains = role === 'admin' || admins.some((admin) => admin.userId !== userId);
  if (!adminRemains) return 'last-admin';
  if (role === null) await tx.membership.delete({ where: key });
  else await tx.membership.update({ where: key, data: { role } });
  await tx.session.deleteMany({ where: { userId, activeWorkspaceId: workspaceId } });
  return present.role;
}

/** Ends all sessions of somebody in the workspace; false when they are not in it. */
export async function endSessionsOfMember(tx: Tx, workspaceId: string, userId: string): Promise<boolean> {
  const member = await tx.membership.findUnique({
    where: { workspaceId_userId: { workspaceId, userId } },
    select: { id: true },
  });
  if (member === null) return false;
  await tx.session.deleteMany({ where: { userId } });
  return true;
}

/** Ends sessions of a person, in one workspace or everywhere; returns how many there were. */
export async function deleteSessions(
  deps: Db,
  userId: string,
  where: { activeWorkspaceId?: string; id?: string | { not: string } } = {},
): Promise<number> {
  return (await deps.db.session.deleteMany({ where: { userId, ...where } })).count;
}

export async function sessionsOf(deps: Db & Pick<Deps, 'now'>, userId: string) {
  return deps.db.session.findMany({
    where: { userId, expiresAt: { gt: new Date(deps.now()) } },
    select: { id: true, createdAt: true, updatedAt: true, expiresAt: true, userAgent: true },
    orderBy: { updatedAt: 'desc' },
    take: 100,
  });
}

export async function moveSession(deps: Db, sessionId: string, workspaceId: string): Promise<void> {
  await deps.db.session.update({ where: { id: sessionId }, data: { activeWorkspaceId: workspaceId } });
}

export async function renamePerson(deps: Db, userId: string, name: string): Promise<void> {
  await deps.db.user.update({ where: { id: userId }, data: { name } });
}

export async function hasSecondFactor(deps: Db, userId: string): Promise<boolean> {
  const found = await deps.db.user.findUnique({ where: { id: userId }, select: { twoFactorEnabled: true } });
  return found?.twoFactorEnabled ?? false;
}

/** Sets a new password and ends every session of the person. */
export async function replacePassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx.account.updateMany({
    where: { userId, providerId: CREDENTIAL },
    data: { password: passwordHash },
  });
  await tx.session.deleteMany({ where: { userId } });
}
