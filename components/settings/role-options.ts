import type { Role } from '@/server/identity/policy';

const LABELS = {
  agent: 'Agent',
  ops: 'Ops',
  privacy: 'Privacy officer',
  stakeholder: 'Stakeholder',
  admin: 'Administrator',
} as const satisfies Record<Role, string>;

export const ROLE_OPTIONS = (Object.entries(LABELS) as [Role, string][]).map(([value, label]) => ({
  value,
  label,
}));

/** A role in a sentence: "an agent". */
export function roleOf(role: Role): string {
  const label = LABELS[role].toLowerCase();
  return `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`;
}

export const roleLabel = (role: Role): string => LABELS[role];
