import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Role } from './policy';

type Db = Pick<Deps, 'db'>;
type Tx = Prisma.TransactionClient;

/** One-time links that precede a workspace: first set-up and password reset. Only hashes of their tokens are kept. */
export type LinkPurpose = 'set-up' | 'password-reset';

const identifierOf = (purpose: LinkPurpose, tokenHash: string) => `link:${purpose}:${tokenHash}`;

export async function insertLink(
  deps: Db,
  link: { id: string; purpose: LinkPurpose; tokenHash: string; value: string; expiresAt: Date },
): Promise<void> {
  const { id, purpose, tokenHash, value, expiresAt } = link;
  await deps.db.verification.create({
    data: { id, identifier: identifierOf(purpose, tokenHash), value, expiresAt },
  });
}

/** Ends links of a purpose, all or those for one value, so that only the newest works. */
export async function deleteLinks(deps: Db, purpose: LinkPurpose, value?: string): Promise<void> {
  await deps.db.verification.deleteMany({
    where: { identifier: { startsWith: `link:${purpose}:` }, ...(value === undefined ? {} : { value }) },
  });
}

/** What a link that still works stands for; null otherwise. */
export async function readLink(
  deps: Db,
  purpose: LinkPurpose,
  tokenHash: string,
  now: Date,
): Promise<string | null> {
  const found = await deps.db.verification.findFirst({
    where: { identifier: identifierOf(purpose, tokenHash), expiresAt: { gt: now } },
    select: { value: true },
  });
  return found?.value ?? null;
}

/** Takes a link out of use and returns what it stood for; null when it was used before or is too old. */
export async function consumeLink(
  tx: Tx,
  purpose: LinkPurpose,
  tokenHash: string,
  now: Date,
): Promise<string | null> {
  const where = { identifier: identifierOf(purpose, tokenHash), expiresAt: { gt: now } };
  const found = await tx.verification.findFirst({ where, select: { id: true, value: true } });
  if (found === null) return null;
  const { count } = await tx.verification.deleteMany({ where: { id: found.id } });
  return count === 1 ? found.value : null;
}

export interface NewInvitation {
  id: string;
  workspaceId: string;
  email: string;
  role: Role;
  tokenHash: string;
  invitedById: string;
  expiresAt: Date;
}

/** Adds an invitation; it takes the place of an older one for the same address. */
export async function insertInvitation(tx: Tx, invitation: NewInvitation, now: Date): Promise<void> {
  const { workspaceId, email } = invitation;
  await tx.invitation.updateMany({
    where: { workspaceId, email, acceptedAt: null, revokedAt: null },
    data: { revokedAt: now },
  });
  await tx.invitation.create({ data: invitation });
}

/** Invitations that still wait for an answer. */
export async function openInvitations(deps: Db, workspaceId: string, now: Date) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.invitation.findMany({
      where: { workspaceId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } },
      select: { id: true, email: true, role: true, expiresAt: true, createdAt: true },
      orderBy: { createdAt: 'desc' },
      take: 200,
    }),
  );
}

/** Takes an invitation back; false when there is none open with this id in the workspace. */
export async function revokeInvitation(tx: Tx, workspaceId: string, id: string, now: Date): Promise<boolean> {
  const { count } = await tx.invitation.updateMany({
    where: { workspaceId, id, acceptedAt: null, revokedAt: null },
    data: { revokedAt: now },
  });
  return count === 1;
}

export interface OpenInvitation {
  id: string;
  workspaceId: string;
  workspaceName: string;
  email: string;
  role: Role;
}

/** An open invitation by the hash of its token, with the workspace's name. Asked before a workspace is known. */
export async function invitationByToken(
  deps: Db,
  tokenHash: string,
  now: Date,
): Promise<OpenInvitation | null> {
  const [row] = await deps.db.$queryRaw<OpenInvitation[]>`
    SELECT id, workspace_id AS "workspaceId", workspace_name AS "workspaceName", email, role
    FROM invitation_of_token(${tokenHash}, ${now.toISOString()}::timestamptz)`;
  return row ?? null;
}

/** Marks an invitation as accepted, once; false when somebody was faster. */
export async function acceptInvitationRow(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { count } = await tx.invitation.updateMany({
    where: { id, acceptedAt: null, revokedAt: null },
    data: { acceptedAt: now },
  });
  return count === 1;
}
