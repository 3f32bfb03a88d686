import type { Role } from './policy';

const LANDING = {
  agent: '/desk',
  ops: '/operations',
  privacy: '/privacy',
  stakeholder: '/workshop',
  admin: '/operations',
} as const satisfies Record<Role, string>;

/** The screen a role opens first. */
export function landingOf(role: Role): (typeof LANDING)[Role] {
  return LANDING[role];
}
