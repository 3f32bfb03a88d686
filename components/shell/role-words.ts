import type { Role } from '@/server/identity/policy';

/** What a role is called on a screen. */
export const ROLE_WORDS = {
  agent: 'Agent',
  ops: 'Ops',
  privacy: 'Privacy officer',
  stakeholder: 'Stakeholder',
  admin: 'Administrator',
} as const satisfies Record<Role, string>;

/** The same for a role that was kept as text; a dash where there was none. */
export const roleWords = (role: string | null): string =>
  role === null ? '–' : (ROLE_WORDS[role as Role] ?? role);
