import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins';
import { HOUR_MS, SECOND_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy/audit.service';
import { noteAuthFailure } from './auth-failure';
import { authStore } from './auth-store.repository';
import { firstWorkspaceOf } from './members.repository';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password-length.schema';
import { publishSessionRevoked } from './session-messages';
import { assertMayTry, closeTry } from './sign-in-limit';

const SESSION_SECONDS = (12 * HOUR_MS) / SECOND_MS;
const REFRESH_SECONDS = HOUR_MS / SECOND_MS;

export interface AuthOptions {
  /** Signs cookies and encrypts second-factor secrets; derived from the master key. */
  secret: string;
  /** Cookies are for HTTPS only. */
  secure: boolean;
  /** Where people reach the console, when that is not the host they ask for. */
  publicUrl?: string;
}

/** What the library offers and Millrace does in its own way, or not at all. */
const UNUSED_PATHS = [
  '/sign-up/email',
  '/sign-in/social',
  '/link-social',
  '/unlink-account',
  '/list-accounts',
  '/account-info',
  '/get-access-token',
  '/refresh-token',
  '/list-sessions',
  '/revoke-session',
  '/revoke-sessions',
  '/revoke-other-sessions',
  '/update-user',
  '/delete-user',
  '/change-email',
  '/send-verification-email',
  '/verify-email',
  '/request-password-reset',
  '/reset-password',
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
];

/** What people do to their own account, as the audit calls it. */
const OWN_DEEDS: Record<string, string> = {
  '/change-password': 'password.changed',
  '/two-factor/enable': 'secondFactor.prepared',
  '/two-factor/disable': 'secondFactor.removed',
};

async function noteOwnDeed(deps: Deps, workspaceId: string, userId: string, action: string): Promise<void> {
  await writeAudit(deps, { workspaceId, actorKind: 'person', actorId: userId, action, subject: userId });
}

const SIGN_IN = '/sign-in/email';

/**
 * Sign-in by e-mail and password with an optional second factor. People are made by set-up and invitations only, and a
 * session belongs to a workspace from its start: who is in none cannot sign in.
 */
export function createAuth(deps: Deps, { secret, secure, publicUrl }: AuthOptions) {
  return betterAuth({
    appName: 'Millrace',
    secret,
    basePath: '/api/auth',
    ...(publicUrl === undefined ? {} : { baseURL: publicUrl }),
    trustedOrigins: (request) => sameHostOrigins(request),
    database: authStore(deps.db),
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { onError: noteAuthFailure },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    user: { changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    session: {
      expiresIn: SESSION_SECONDS,
      updateAge: REFRESH_SECONDS,
      cookieCache: { enabled: false },
      additionalFields: { activeWorkspaceId: { type: 'string', required: false, input: false } },
    },
    verification: { storeIdentifier: 'hashed' },
    plugins: [twoFactor({ issuer: 'Millrace' })],
    disabledPaths: UNUSED_PATHS,
    // By address only against floods; guesses are counted by person in `sign-in-limit.ts`.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      customRules: { [SIGN_IN]: { window: 60, max: 300 } },
    },
    advanced: {
      cookiePrefix: 'millrace',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: ({ model }) => deps.newId(model) },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const workspaceId = await firstWorkspaceOf(deps, session.userId);
            if (workspaceId === null) return false;
            return { data: { ...session, activeWorkspaceId: workspaceId } };
          },
          after: async (session) => {
            const workspaceId = session.activeWorkspaceId;
            if (typeof workspaceId !== 'string') return;
            await noteOwnDeed(deps, workspaceId, session.userId, 'session.started');
          },
        },
        delete: {
          after: async (session) => {
            await publishSessionRevoked(deps, { userId: session.userId, sessionId: session.id });
          },
        },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (call) => {
        if (call.path === SIGN_IN) await assertMayTry(deps, String(call.body?.email ?? ''));
      }),
      after: createAuthMiddleware(async (call) => {
        const deed = OWN_DEEDS[call.path ?? ''];
        const { session, returned } = call.context;
        const workspaceId = session?.session.activeWorkspaceId;
        if (deed && session && typeof workspaceId === 'string' && !(returned instanceof APIError)) {
          await noteOwnDeed(deps, workspaceId, session.user.id, deed);
        }
        if (call.path !== SIGN_IN) return;
        await closeTry(deps, String(call.body?.email ?? ''), !(returned instanceof APIError));
      }),
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;

/** A form is taken from the very host it is sent to, whatever name people reach that by. */
function sameHostOrigins(request?: Request): string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}
