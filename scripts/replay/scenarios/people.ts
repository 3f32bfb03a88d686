import { hash32 } from '@/server/core/partition';

/** The made-up customers of the demo. Everything of a customer follows from its number. */
export const GROUPS = 6;

const GIVEN = [
  'Mara',
  'Jon',
  'Aiko',
  'Luis',
  'Nadia',
  'Tom',
  'Ines',
  'Karim',
  'Wanda',
  'Pavel',
  'Zoe',
  'Emre',
];
const FAMILY = [
  'Okafor',
  'Lindgren',
  'Tanaka',
  'Moreau',
  'Hassan',
  'Novak',
  'Silva',
  'Becker',
  'Rossi',
  'Dunne',
];
const PLANS = ['free', 'plus', 'plus', 'premium'];

const PLATFORMS = [
  { share: 52, context: { library: { name: 'analytics.js' }, device: { type: 'web' } } },
  { share: 74, context: { library: { name: 'analytics-ios' }, device: { type: 'ios' } } },
  { share: 90, context: { library: { name: 'analytics-android' }, device: { type: 'android' } } },
  { share: 96, context: { library: { name: 'analytics-node' }, device: { type: 'store' } } },
  { share: 100, context: { library: { name: 'analytics-node' } } },
];

/** A number from 0 to 99 that is always the same for a customer and a question. */
export function percentOf(customer: string, question: string): number {
  return hash32(`${question}/${customer}`) % 100;
}

export function contextOf(customer: string): Record<string, unknown> {
  const draw = percentOf(customer, 'platform');
  return PLATFORMS.find(({ share }) => draw < share)?.context ?? {};
}

export function traitsOf(customer: string): Record<string, unknown> {
  const seed = hash32(`name/${customer}`);
  const given = GIVEN[seed % GIVEN.length] ?? 'Mara';
  const family = FAMILY[Math.floor(seed / 64) % FAMILY.length] ?? 'Novak';
  return {
    firstName: given,
    lastName: family,
    email: `${given}.${family}.${customer.replace(/\D/g, '')}@example.com`.toLowerCase(),
    plan: PLANS[percentOf(customer, 'plan') % PLANS.length] ?? 'free',
  };
}

/** Whether this customer begins anonymous and is recognised when signing in. */
export function beginsAnonymous(customer: string): boolean {
  return percentOf(customer, 'anonymous') < 30;
}
