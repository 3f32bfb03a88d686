import type { Clock } from '@/server/core/clock';

/**
 * Answers of a slow question by key, asked again once they are older than `keptMs`. For questions that background work asks
 * for every workspace many times a minute and whose answers change by hand.
 * @param owner what the answers belong to, such as a database: with it they go
 */
export function remembered<T>(
  keptMs: number,
): (owner: object, key: string, now: Clock, ask: () => Promise<T>) => Promise<T> {
  const owners = new WeakMap<object, Map<string, { at: number; answer: Promise<T> }>>();
  return (owner, key, now, ask) => {
    const known = owners.get(owner) ?? new Map<string, { at: number; answer: Promise<T> }>();
    owners.set(owner, known);
    const held = known.get(key);
    if (held !== undefined && now() - held.at < keptMs) return held.answer;
    const answer = ask();
    known.set(key, { at: now(), answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
}
