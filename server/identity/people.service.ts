import { DAY_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import {
  deleteLinks,
  insertInvitation,
  insertLink,
  openInvitations,
  revokeInvitation,
} from './links.repository';
import { membersOf, workspacesOf } from './members.repository';
import { endSessionsOfMember, personByEmail, replaceRole } from './people.repository';
import type { Role } from './policy';
import { hashToken, randomToken } from './secret-token';
import { publishSessionRevoked } from './session-messages';

const INVITATION_MS = 7 * DAY_MS;
const RESET_MS = DAY_MS;

/** A link that is shown once: its token is kept as a hash only. */
export interface OneTimeLink {
  path: string;
  expiresAt: number;
}

/** Members and open invitations of the workspace. */
export async function listPeople(deps: Deps, workspaceId: string) {
  const [members, invitations] = await Promise.all([
    membersOf(deps, workspaceId),
    openInvitations(deps, workspaceId, new Date(deps.now())),
  ]);
  return {
    members: members.map(({ userId, role, createdAt, user }) => ({
      userId,
      role,
      name: user.name,
      email: user.email,
      secondFactor: user.twoFactorEnabled,
      since: createdAt.getTime(),
    })),
    invitations: invitations.map(({ id, email, role, createdAt, expiresAt }) => ({
      id,
      email,
      role,
      createdAt: createdAt.getTime(),
      expiresAt: expiresAt.getTime(),
    })),
  };
}

/**
 * Invites an address into the workspace and returns the link to hand over, shown this once.
 * @throws Fault `conflict` when the address is a member already
 */
export async function invitePerson(
  deps: Deps,
  actor: PersonActor,
  { email, role }: { email: string; role: Role },
): Promise<OneTimeLink> {
  const { workspaceId, userId } = actor;
  const known = await personByEmail(deps, email);
  if (
    known !== null &&
    (await membersOf(deps, workspaceId)).some((member) => member.userId === known.userId)
  ) {
    throw new Fault('conflict', `${email} is in this workspace already.`);
  }
  const token = randomToken();
  const id = deps.newId('invitation');
  const expiresAt = deps.now() + INVITATION_MS;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await insertInvitation(
      tx,
      {
        id,
        workspaceId,
        email,
        role,
        tokenHash: hashToken(token),
        invitedById: userId,
        expiresAt: new Date(expiresAt),
      },
      new Date(deps.now()),
    );
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'person.invited',
      subject: id,
      details: { role },
    });
  });
  return { path: `/invite/${token}`, expiresAt };
}

/** @throws Fault `not_found` when no such invitation is open in the workspace */
export async function takeBackInvitation(deps: Deps, actor: PersonActor, id: string): Promise<void> {
  await withAudit(deps, actor.workspaceId, async (tx, audit) => {
    if (!(await revokeInvitation(tx, actor.workspaceId, id, new Date(deps.now())))) {
      throw new Fault('not_found', 'This invitation is no longer open.');
    }
    await audit({ actorKind: 'person', actorId: actor.userId, action: 'invitation.revoked', subject: id });
  });
}

/**
 * Gives a person another role, or with `null` takes them out of the workspace. Their sessions in it end at once.
 * @throws Fault `not_found` for who is not in the workspace, `conflict` when no administrator would be left
 */
export async function changeRole(
  deps: Deps,
  actor: PersonActor,
  userId: string,
  role: Role | null,
): Promise<void> {
  const { workspaceId } = actor;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const before = await replaceRole(tx, workspaceId, userId, role);
    if (before === null) throw new Fault('not_found', 'This person is not in the workspace.');
    if (before === 'last-admin') {
      throw new Fault(
        'conflict',
        'A workspace keeps at least one administrator. Make somebody else one first.',
      );
    }
    await audit({
      actorKind: 'person',
      actorId: actor.userId,
      action: role === null ? 'person.removed' : 'role.changed',
      subject: userId,
      details: { from: before, to: role },
    });
  });
  await publishSessionRevoked(deps, { userId });
}

/**
 * Makes a one-time link at which a person of the workspace sets a new password; older ones end.
 * @throws Fault `not_found` for who is not in the workspace; `forbidden` for who is in others as well, because the
 * account is not this workspace's alone
 */
export async function makeResetLink(deps: Deps, actor: PersonActor, userId: string): Promise<OneTimeLink> {
  const members = await membersOf(deps, actor.workspaceId);
  if (!members.some((member) => member.userId === userId)) {
    throw new Fault('not_found', 'This person is not in the workspace.');
  }
  if ((await workspacesOf(deps, userId)).length > 1) {
    throw new Fault(
      'forbidden',
      'This person is in other workspaces too, so their password is not yours to reset.',
    );
  }
  const token = randomToken();
  const expiresAt = deps.now() + RESET_MS;
  await deleteLinks(deps, 'password-reset', userId);
  await insertLink(deps, {
    id: deps.newId('link'),
    purpose: 'password-reset',
    tokenHash: hashToken(token),
    value: userId,
    expiresAt: new Date(expiresAt),
  });
  await withAudit(deps, actor.workspaceId, (_tx, audit) =>
    audit({ actorKind: 'person', actorId: actor.userId, action: 'passwordReset.offered', subject: userId }),
  );
  return { path: `/reset-password?token=${token}`, expiresAt };
}

/** Ends every session of a person of the workspace, wherever they are signed in. */
export async function signOutPerson(deps: Deps, actor: PersonActor, userId: string): Promise<void> {
  await withAudit(deps, actor.workspaceId, async (tx, audit) => {
    if (!(await endSessionsOfMember(tx, actor.workspaceId, userId))) {
      throw new Fault('not_found', 'This person is not in the workspace.');
    }
    await audit({ actorKind: 'person', actorId: actor.userId, action: 'sessions.ended', subject: userId });
  });
  await publishSessionRevoked(deps, { userId });
}
