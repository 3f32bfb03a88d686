/** Text that the stores keep as it is. */
export function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

export const UNKEEPABLE = 'May hold no NUL and no half of a character';

/**
 * Where in a value, as JSON gives it, a text or a name stands that no store keeps: its path with dots, '' for the value
 * itself; null when there is none. Without recursion, because a request may nest deeper than the stack.
 */
export function unkeepableIn(value: unknown): string | null {
  const waiting: { path: string; value: unknown }[] = [{ path: '', value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, value: found } = next;
    if (typeof found === 'string' && !isKeepable(found)) return path;
    if (typeof found !== 'object' || found === null) continue;
    for (const [name, member] of Object.entries(found)) {
      if (!isKeepable(name)) return path;
      waiting.push({ path: path === '' ? name : `${path}.${name}`, value: member });
    }
  }
  return null;
}
