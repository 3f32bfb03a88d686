import { ROLE_WORDS } from '@/components/shell/role-words';
import type { Role } from '@/server/identity/policy';

export const ROLE_OPTIONS = (Object.entries(ROLE_WORDS) as [Role, string][]).map(([value, label]) => ({
  value,
  label,
}));

/** A role in a sentence: "an agent". */
export function roleOf(role: Role): string {
  const label = ROLE_WORDS[role].toLowerCase();
  return `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`;
}

export const roleLabel = (role: Role): string => ROLE_WORDS[role];
