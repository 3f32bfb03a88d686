'use client';
import { useMemo, useRef, useState } from 'react';
import { type HeldList, type HeldRow, holdRows } from './held-list';

/** Rows that keep their place while the pointer is over them; put `handlers` on the list's element. */
export function useHeldRows<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const [held, setHeld] = useState<readonly HeldRow<Row>[] | null>(null);
  const list: HeldList<Row> = useMemo(() => holdRows(rows, keyOf, held), [rows, keyOf, held]);
  const shown = useRef(list.shown);
  shown.current = list.shown;
  const hold = () => setHeld((before) => before ?? shown.current);
  return {
    ...list,
    /** Shows what waits, and holds from there. */
    release: () => setHeld(holdRows(rows, keyOf, null).shown),
    handlers: { onPointerEnter: hold, onPointerLeave: () => setHeld(null) },
  };
}
