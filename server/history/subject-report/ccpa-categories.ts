/** A category of personal information of the California Consumer Privacy Act (Civil Code § 1798.140 (v)(1)). */
export interface CcpaCategory {
  letter: string;
  title: string;
  collected: boolean;
  /** names of what was collected, at most 30 */
  examples: string[];
}

/** What is held of a person, by the names of its kinds alone. */
export interface HeldNames {
  keys: readonly string[];
  traits: readonly string[];
  events: readonly { name: string; kind: string }[];
  facts: readonly string[];
  conversations: number;
  /** for an agent */
  waits: number;
  decisions: readonly string[];
}

const MOST_EXAMPLES = 30;

/** Categories that are told by the names of traits. A trait may be in several. */
const TRAITS: readonly { letter: string; title: string; names: RegExp }[] = [
  {
    letter: 'A',
    title: 'Identifiers',
    names: /name|mail|phone|mobile|address|street|^ip$|account|passport|username|handle/i,
  },
  {
    letter: 'B',
    title: 'Customer records',
    names: /name|phone|address|street|bank|iban|card|insurance|education|employ/i,
  },
  {
    letter: 'C',
    title: 'Characteristics protected by law',
    names: /gender|sex|birth|^age$|marital|religion|ethnic|nationality|disab|veteran/i,
  },
  {
    letter: 'E',
    title: 'Biometric information',
    names: /biometric|fingerprint|face_?id|voice_?print|sleep|heart/i,
  },
  {
    letter: 'G',
    title: 'Geolocation',
    names: /country|city|region|state|zip|postal|lat|lon|lng|geo|location/i,
  },
  {
    letter: 'I',
    title: 'Professional information',
    names: /job|title|company|employer|occupation|industry/i,
  },
  { letter: 'J', title: 'Education information', names: /school|degree|education|university/i },
];

/**
 * The categories A to K, told from the names of what is held. A value is not looked into: a name that hides what it holds is
 * not found.
 */
export function ccpaCategories(held: HeldNames): CcpaCategory[] {
  const traits = TRAITS.map(({ letter, title, names }) => ({
    letter,
    title,
    found: held.traits.filter((trait) => names.test(trait)),
  }));
  const found = [
    ...traits.map((category) => (category.letter === 'A' ? withKeys(category, held.keys.length) : category)),
    { letter: 'D', title: 'Commercial information', found: commerce(held) },
    { letter: 'F', title: 'Internet or network activity', found: activity(held) },
    {
      letter: 'H',
      title: 'Audio, electronic or similar information',
      found: held.conversations > 0 ? ['transcripts of conversations'] : [],
    },
    { letter: 'K', title: 'Inferences drawn', found: held.decisions.map((name) => `decision: ${name}`) },
  ];
  return found
    .sort((a, b) => (a.letter < b.letter ? -1 : 1))
    .map((category) => ({
      letter: category.letter,
      title: category.title,
      collected: category.found.length > 0,
      examples: [...new Set(category.found)].slice(0, MOST_EXAMPLES),
    }));
}

function withKeys<T extends { found: string[] }>(category: T, keys: number): T {
  return keys > 0 ? { ...category, found: ['customer keys', ...category.found] } : category;
}

const COMMERCE_EVENT = /order|product|cart|checkout|payment|coupon|promotion|refund/i;

function commerce({ events, facts }: HeldNames): string[] {
  const named = events.filter(({ name }) => COMMERCE_EVENT.test(name)).map(({ name }) => name);
  return [...facts.filter((fact) => /cart|order|refund/i.test(fact)), ...named];
}

function activity({ events, facts, waits }: HeldNames): string[] {
  const seen = events.filter(({ name }) => !COMMERCE_EVENT.test(name)).map(({ name, kind }) => name || kind);
  return [...facts.filter((fact) => fact === 'visit'), ...(waits > 0 ? ['waits for an agent'] : []), ...seen];
}
