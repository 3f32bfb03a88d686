import { z } from 'zod';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password-length.schema';
import { ROLES } from './policy';
import { currencySchema, regionSchema, timeZoneSchema } from './workspace-settings.schema';

export const roleSchema = z.enum(ROLES);
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'Not an e-mail address.');
export const personNameSchema = z.string().trim().min(1, 'Give a name.').max(80);
export const passwordSchema = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `At least ${MIN_PASSWORD_LENGTH} characters.`)
  .max(MAX_PASSWORD_LENGTH, `At most ${MAX_PASSWORD_LENGTH} characters.`);
export const linkTokenSchema = z.string().regex(/^[A-Za-z0-9]{20,64}$/, 'Not a link of ours.');
export const idSchema = z.string().min(1).max(64);

export const inviteSchema = z.strictObject({ email: emailSchema, role: roleSchema });
export const changeRoleSchema = z.strictObject({ userId: idSchema, role: roleSchema });
export const personSchema = z.strictObject({ userId: idSchema });
export const invitationIdSchema = z.strictObject({ invitationId: idSchema });
export const sessionIdSchema = z.strictObject({ sessionId: idSchema });
export const renameSchema = z.strictObject({ name: personNameSchema });
export const switchWorkspaceSchema = z.strictObject({ workspaceId: idSchema });

/** First run: the first administrator and the first workspace. */
export const setUpSchema = z.strictObject({
  token: linkTokenSchema,
  name: personNameSchema,
  email: emailSchema,
  password: passwordSchema,
  workspaceName: z.string().trim().min(1, 'Give the workspace a name.').max(80),
  region: regionSchema,
  currency: currencySchema,
  timeZone: timeZoneSchema,
});
export type SetUp = z.output<typeof setUpSchema>;

export const acceptInvitationSchema = z.strictObject({
  token: linkTokenSchema,
  /** Only for who has no account yet. */
  name: personNameSchema.optional(),
  password: z.string().min(1, 'Give a password.').max(MAX_PASSWORD_LENGTH),
});
export type AcceptInvitation = z.output<typeof acceptInvitationSchema>;

export const resetPasswordSchema = z.strictObject({ token: linkTokenSchema, password: passwordSchema });
export type ResetPassword = z.output<typeof resetPasswordSchema>;
