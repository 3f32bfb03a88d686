import { describeInvitation, resetIsOpen, setUpIsOpen } from '@/server/identity/join.service';
import { linkTokenSchema } from '@/server/identity/people.schema';
import { consoleParts } from './context';

export { acceptInvitation, resetPassword } from '@/server/identity/join.service';

const isToken = (token: unknown): token is string => linkTokenSchema.safeParse(token).success;

/** Whether the link of the first run in an address still works. */
export async function isOpenSetUp(token: unknown): Promise<boolean> {
  return isToken(token) && setUpIsOpen(consoleParts().deps, token);
}

/** Whether the link for a new password in an address still works. */
export async function isOpenReset(token: unknown): Promise<boolean> {
  return isToken(token) && resetIsOpen(consoleParts().deps, token);
}

/** What the invitation in an address is for; null when it no longer works. */
export async function invitationAt(token: unknown) {
  return isToken(token) ? describeInvitation(consoleParts().deps, token) : null;
}
