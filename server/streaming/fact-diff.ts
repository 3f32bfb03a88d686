import type { Fact } from './fact';

/** A fact before it has an owner and a sign. */
export type FactDraft = Omit<Fact, 'customer' | 'sign'>;

export function sameFact(a: FactDraft, b: FactDraft): boolean {
  return (
    a.kind === b.kind &&
    a.at === b.at &&
    a.amount === b.amount &&
    a.currency === b.currency &&
    a.platform === b.platform
  );
}

/**
 * The difference of two lists of facts as multisets: what is no longer so, then what is new. Lists that share a
 * beginning – almost always – cost only what follows it.
 */
export function diffFacts(
  before: readonly FactDraft[],
  after: readonly FactDraft[],
  emit: (fact: FactDraft, sign: 1 | -1) => void,
): void {
  let shared = 0;
  while (shared < before.length && shared < after.length) {
    if (!sameFact(before[shared] as FactDraft, after[shared] as FactDraft)) break;
    shared += 1;
  }
  const fresh = after.slice(shared);
  for (let i = shared; i < before.length; i += 1) {
    const old = before[i] as FactDraft;
    const at = fresh.findIndex((fact) => sameFact(fact, old));
    if (at >= 0) fresh.splice(at, 1);
    else emit(old, -1);
  }
  for (const fact of fresh) emit(fact, 1);
}
