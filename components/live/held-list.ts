/** A row as shown: what left meanwhile keeps its place, marked, until the pointer does. */
export interface HeldRow<Row> {
  key: string;
  row: Row;
  gone: boolean;
}

/** What a list under the pointer shows. */
export interface HeldList<Row> {
  shown: HeldRow<Row>[];
  /** rows that are there but wait behind a count */
  waiting: number;
}

/**
 * Rows as a person may be about to click them: in the order they stood when the pointer came, each with its newest
 * content; new ones are counted, not shown. Without a held order all rows are shown as they stand.
 * @param held the list as it was shown when the pointer came; null when it is elsewhere
 */
export function holdRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  held: readonly HeldRow<Row>[] | null,
): HeldList<Row> {
  if (held === null) return { shown: rows.map((row) => ({ key: keyOf(row), row, gone: false })), waiting: 0 };
  const now = new Map(rows.map((row) => [keyOf(row), row]));
  const shown = held.map(({ key, row }) => {
    const current = now.get(key);
    now.delete(key);
    return { key, row: current ?? row, gone: current === undefined };
  });
  return { shown, waiting: now.size };
}
