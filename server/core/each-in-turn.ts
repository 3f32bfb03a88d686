/** Failures that a message names; the errors themselves are all kept. */
const MOST_NAMED = 3;

/**
 * Does the work for each, one after another. What fails for one keeps none of those after it from their turn: one bad
 * workspace must not be able to stop what is done for all the others.
 * @param nameOf what an item is called where its failure is told
 * @returns what each came to, in their order
 * @throws AggregateError of all that failed, once every one had its turn
 */
export async function eachInTurn<T, R>(
  items: Iterable<T>,
  nameOf: (item: T) => string,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: { name: string; error: unknown }[] = [];
  for (const item of items) {
    try {
      results.push(await work(item));
    } catch (error) {
      failures.push({ name: nameOf(item), error });
    }
  }
  if (failures.length === 0) return results;
  throw new AggregateError(
    failures.map(({ error }) => error),
    wordsOf(failures, results.length + failures.length),
  );
}

function wordsOf(failures: readonly { name: string; error: unknown }[], count: number): string {
  const named = failures
    .slice(0, MOST_NAMED)
    .map(({ name, error }) => `${name} (${error instanceof Error ? error.message : String(error)})`);
  if (failures.length > MOST_NAMED) named.push(`and ${failures.length - MOST_NAMED} more`);
  return `${failures.length} of ${count} failed: ${named.join(', ')}`;
}
