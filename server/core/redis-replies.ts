/** @throws the first error of a pipeline or transaction */
export function valuesOf(replies: [Error | null, unknown][] | null): unknown[] {
  if (replies === null) throw new Error('The transaction was not carried out.');
  return replies.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}
