/** What personal data may be used for. Every rule names one; a customer may deny any of them. */
export const PURPOSES = ['service', 'personalisation', 'marketing', 'profiling'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The purpose whose denial denies all the others: a customer who is not profiled has no profile to act on. */
export const BROADEST_PURPOSE: Purpose = 'profiling';

export const PURPOSE_WORDS: Record<Purpose, { title: string; plain: string; denied: string }> = {
  service: {
    title: 'Service',
    plain: 'help with a problem the customer has now',
    denied: 'may not be approached by our own motion, even to help',
  },
  personalisation: {
    title: 'Personalisation',
    plain: 'fit what is shown to what the customer did',
    denied: 'must be shown what everybody is shown',
  },
  marketing: {
    title: 'Marketing',
    plain: 'offer something to buy',
    denied: 'may not be made offers',
  },
  profiling: {
    title: 'Profiling',
    plain: 'keep a profile and decide from it',
    denied: 'opted out: no profile is kept and nothing is decided',
  },
};

/** Whether flags forbid a use for this purpose. */
export function deniedFor(denied: readonly string[], purpose: Purpose): boolean {
  return denied.includes(purpose) || denied.includes(BROADEST_PURPOSE);
}

/**
 * Consent in one plain sentence, for a card or an answer.
 * @param signals titles of the signals that deny some of it
 */
export function consentWords(denied: readonly string[], signals: readonly string[] = []): string {
  const source = signals.length === 0 ? '' : ` (signal: ${signals.join(', ')})`;
  if (denied.includes(BROADEST_PURPOSE)) return `Customer has ${PURPOSE_WORDS.profiling.denied}.`;
  const refused = PURPOSES.filter((purpose) => denied.includes(purpose));
  if (refused.length === 0) return 'Customer has denied nothing: all purposes are allowed.';
  return `Customer ${refused.map((purpose) => PURPOSE_WORDS[purpose].denied).join('; ')}${source}.`;
}
