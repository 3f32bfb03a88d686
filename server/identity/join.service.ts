import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { DAY_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import {
  acceptInvitationRow,
  consumeLink,
  deleteLinks,
  insertLink,
  invitationByToken,
  readLink,
} from './links.repository';
import { workspacesOf } from './members.repository';
import {
  anybodyRegistered,
  insertMembership,
  insertPerson,
  personByEmail,
  replacePassword,
} from './people.repository';
import {
  type AcceptInvitation,
  passwordSchema,
  personNameSchema,
  type ResetPassword,
  type SetUp,
} from './people.schema';
import { hashToken, randomToken } from './secret-token';
import { publishSessionRevoked } from './session-messages';
import { assertMayGuess } from './sign-in-limit';
import { workspaceSettingsSchema } from './workspace-settings.schema';
import { insertWorkspace } from './workspaces.repository';

const SET_UP_MS = 30 * DAY_MS;
const GONE = 'This link was used already, was replaced by a newer one, or is too old. Ask for a new one.';

/** Makes the one-time link of the first run; the one before stops working. Null when somebody is registered. */
export async function makeSetUpPath(deps: Deps): Promise<string | null> {
  if (await anybodyRegistered(deps)) return null;
  const token = randomToken();
  await deleteLinks(deps, 'set-up');
  await insertLink(deps, {
    id: deps.newId('link'),
    purpose: 'set-up',
    tokenHash: hashToken(token),
    value: 'first-administrator',
    expiresAt: new Date(deps.now() + SET_UP_MS),
  });
  return `/setup?token=${token}`;
}

/** Whether a link of the first run still works. */
export async function setUpIsOpen(deps: Deps, token: string): Promise<boolean> {
  if (await anybodyRegistered(deps)) return false;
  return (await readLink(deps, 'set-up', hashToken(token), new Date(deps.now()))) !== null;
}

/**
 * First run: makes the first administrator, workspace and shard in one step, and uses the link up.
 * @param partitions how many partitions the shard has, for ever
 * @throws Fault `not_found` when the link no longer works
 */
export async function setUp(deps: Deps, form: SetUp, partitions: number): Promise<{ workspaceId: string }> {
  if (!(await setUpIsOpen(deps, form.token))) throw new Fault('not_found', GONE);
  const passwordHash = await hashPassword(form.password);
  const workspaceId = deps.newId('ws');
  const userId = deps.newId('user');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    const link = await consumeLink(tx, 'set-up', hashToken(form.token), new Date(deps.now()));
    if (link === null) throw new Fault('not_found', GONE);
    await insertWorkspace(tx, {
      id: workspaceId,
      name: form.workspaceName,
      slug: slugOf(form.workspaceName),
      currency: form.currency,
      timeZone: form.timeZone,
      settings: workspaceSettingsSchema.parse({}),
      shards: [{ region: form.region, partitions }],
    });
    const accountId = deps.newId('account');
    await insertPerson(tx, { userId, accountId, name: form.name, email: form.email, passwordHash });
    await insertMembership(tx, { id: deps.newId('member'), workspaceId, userId, role: 'admin' });
    await audit({ actorKind: 'person', actorId: userId, action: 'workspace.setUp', subject: workspaceId });
  });
  return { workspaceId };
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return slug.slice(0, 40) || 'workspace';
}

/** What an invitation is for, and whether its address has an account already; null when the link no longer works. */
export async function describeInvitation(deps: Deps, token: string) {
  const found = await invitationByToken(deps, hashToken(token), new Date(deps.now()));
  if (found === null) return null;
  const known = await personByEmail(deps, found.email);
  const { email, role, workspaceName } = found;
  return { email, role, workspaceName, known: known !== null };
}

/**
 * Brings the invited person into the workspace: a new one with the name and password they choose, one who has an account
 * by their present password.
 * @throws Fault `not_found` when the link no longer works, `unauthenticated` for a wrong password, `bad_request` for a
 * name or password that will not do, `rate_limited` after many wrong passwords
 */
export async function acceptInvitation(deps: Deps, form: AcceptInvitation): Promise<{ email: string }> {
  const invitation = await invitationByToken(deps, hashToken(form.token), new Date(deps.now()));
  if (invitation === null) throw new Fault('not_found', GONE);
  const { id, workspaceId, email, role } = invitation;
  const known = await personByEmail(deps, email);
  const newPerson = known === null ? await newPersonOf(deps, email, form) : null;
  if (known !== null) await assertPassword(deps, email, known.passwordHash, form.password);
  const userId = known?.userId ?? newPerson?.userId ?? '';
  await withAudit(deps, workspaceId, async (tx, audit) => {
    if (!(await acceptInvitationRow(tx, id, new Date(deps.now())))) throw new Fault('not_found', GONE);
    if (newPerson !== null) await insertPerson(tx, newPerson);
    await insertMembership(tx, { id: deps.newId('member'), workspaceId, userId, role });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'invitation.accepted',
      subject: id,
      details: { role },
    });
  });
  return { email };
}

async function newPersonOf(deps: Deps, email: string, form: AcceptInvitation) {
  const name = personNameSchema.parse(form.name ?? '');
  const passwordHash = await hashPassword(passwordSchema.parse(form.password));
  return { userId: deps.newId('user'), accountId: deps.newId('account'), name, email, passwordHash };
}

async function assertPassword(
  deps: Deps,
  email: string,
  hash: string | null,
  password: string,
): Promise<void> {
  await assertMayGuess(deps, email, async () => hash !== null && (await verifyPassword({ hash, password })));
}

/** Whether a link for a new password still works. */
export async function resetIsOpen(deps: Deps, token: string): Promise<boolean> {
  return (await readLink(deps, 'password-reset', hashToken(token), new Date(deps.now()))) !== null;
}

/**
 * Sets a new password by a one-time link and ends every session of the person.
 * @throws Fault `not_found` when the link no longer works
 */
export async function resetPassword(deps: Deps, form: ResetPassword): Promise<void> {
  if (!(await resetIsOpen(deps, form.token))) throw new Fault('not_found', GONE);
  const passwordHash = await hashPassword(form.password);
  const userId = await takeResetLink(deps, form.token, passwordHash);
  await publishSessionRevoked(deps, { userId });
}

async function takeResetLink(deps: Deps, token: string, passwordHash: string): Promise<string> {
  const tokenHash = hashToken(token);
  const owner = await readLink(deps, 'password-reset', tokenHash, new Date(deps.now()));
  const [home] = owner === null ? [] : await workspacesOf(deps, owner);
  if (owner === null || home === undefined) throw new Fault('not_found', GONE);
  return withAudit(deps, home.workspaceId, async (tx, audit) => {
    const userId = await consumeLink(tx, 'password-reset', tokenHash, new Date(deps.now()));
    if (userId === null) throw new Fault('not_found', GONE);
    await replacePassword(tx, userId, passwordHash);
    await audit({ actorKind: 'person', actorId: userId, action: 'password.reset', subject: userId });
    return userId;
  });
}
