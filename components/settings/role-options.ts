import { ROLE_WORDS } from '@/components/shell/role-words';
import type { Role } from '@/server/identity/policy';

export const ROLE_OPTIONS = (Object.entries(ROLE_WORDS) as [Role, string][]).map(([value, label]) => ({
  value,
  label,
}));

/** What somebody of a role comes for, beside the choice of it. */
export const ROLE_HELP = {
  agent: 'An agent works at the Desk: takes customers who need help, reads their cards and answers advice.',
  ops: 'Ops keep it running: Operations, Streams, thresholds, rules and dead letters.',
  privacy: 'A privacy officer answers for Privacy: opt-outs, assessments, the audit, and who looked at whom.',
  stakeholder: 'A stakeholder decides in the Workshop which use cases go live, and reads what they brought.',
  admin: 'An administrator may do all but sign an assessment: people, sources, keys and the workspace, too.',
} as const satisfies Record<Role, string>;

/** A role in a sentence: "an agent". */
export function roleOf(role: Role): string {
  const label = ROLE_WORDS[role].toLowerCase();
  return `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`;
}

export const roleLabel = (role: Role): string => ROLE_WORDS[role];
