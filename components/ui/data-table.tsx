// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual grid are positioned, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and points at the row by its id
'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { ListName } from '@/server/privacy/exported-list.schema';
import type { CsvColumn } from './csv';
import { CsvFoot } from './csv-button';
import styles from './data-table.module.css';

export interface Column<Row> {
  key: string;
  title: string;
  /** any width a CSS grid column takes; `1fr` when absent */
  width?: string;
  align?: 'start' | 'end';
  cell: (row: Row) => ReactNode;
  /** the plain value for sorting and CSV; a column without it has neither */
  value?: (row: Row) => string | number | null;
  /** the value for CSV where it is not the one to sort by, such as a time */
  csv?: (row: Row) => string | number | null;
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selectedKey?: string | null;
  rowHeight?: number;
  /** px at most; the table scrolls within it, and is lower with few rows. Absent: it fills its pane */
  height?: number;
  empty?: ReactNode;
  /** name of the CSV export and its file; null only where the list is saved another way */
  exportName: ListName | null;
  initialSort?: { key: string; descending: boolean };
}

const OVERSCAN = 12;
/** Heights of the titles and of the line with the export, px. */
const HEAD_PX = 33;
const FOOT_PX = 31;

/** A list of any length: only what is in view is drawn. Arrows or J and K move, Enter opens, titles sort. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, onOpen, selectedKey, rowHeight = 34, height, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [cursor, setCursor] = useState(-1);
  const [sort, setSort] = useState(props.initialSort ?? null);
  const ordered = sortRows(rows, columns, sort);
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (cursor >= ordered.length) setCursor(ordered.length - 1);
  }, [cursor, ordered.length]);
  const foot = props.exportName && ordered.length > 0 ? FOOT_PX : 0;
  const wanted = ordered.length === 0 ? undefined : HEAD_PX + ordered.length * rowHeight + foot;
  const grid = columns.map((column) => column.width ?? 'minmax(0, 1fr)').join(' ');
  const move = (to: number) => {
    const next = Math.max(0, Math.min(ordered.length - 1, to));
    setCursor(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
    };
    const row = ordered[cursor];
    if (event.key in steps) move(cursor + (steps[event.key] ?? 0));
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(ordered.length - 1);
    else if (event.key === 'Enter' && row !== undefined && onOpen) onOpen(row);
    else return;
    event.preventDefault();
  };
  const sortBy = (key: string) =>
    setSort(
      sort?.key === key ? (sort.descending ? { key, descending: false } : null) : { key, descending: true },
    );
  return (
    <div
      className={styles.wrap}
      style={height === undefined ? undefined : { flex: 'none', height: wanted && Math.min(height, wanted) }}
    >
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={cursor >= 0 ? `${id}-${cursor}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns: grid }}>
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} sort={sort} onSort={sortBy} />
          ))}
        </div>
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = ordered[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and handles the keys
              <div
                key={key}
                id={`${id}-${index}`}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-selected={selectedKey === undefined ? undefined : key === selectedKey}
                className={styles.row}
                data-cursor={index === cursor}
                data-opens={onOpen !== undefined}
                style={{ gridTemplateColumns: grid, height: rowHeight, transform: `translateY(${start}px)` }}
                onClick={() => {
                  setCursor(index);
                  onOpen?.(row);
                }}
              >
                {columns.map((column) => (
                  <div key={column.key} role="gridcell" className={styles.cell} data-align={column.align}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {ordered.length === 0 && empty}
      </div>
      {props.exportName && ordered.length > 0 && (
        <CsvFoot list={props.exportName} columns={csvColumnsOf(columns)} rows={ordered} />
      )}
    </div>
  );
}

function csvColumnsOf<Row>(columns: readonly Column<Row>[]): CsvColumn<Row>[] {
  return columns.flatMap(({ title, value, csv = value }) => (csv ? [{ title, value: csv }] : []));
}

interface HeadCellProps<Row> {
  column: Column<Row>;
  sort: { key: string; descending: boolean } | null;
  onSort: (key: string) => void;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const sorted = sort?.key === column.key;
  const direction = sorted ? (sort.descending ? 'descending' : 'ascending') : undefined;
  return (
    <div role="columnheader" className={styles.headCell} data-align={column.align} aria-sort={direction}>
      {column.value ? (
        <button type="button" className={styles.sort} onClick={() => onSort(column.key)}>
          {column.title}
          {sorted && <span aria-hidden="true">{sort.descending ? ' ↓' : ' ↑'}</span>}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}

/** Unknown values stand last, whichever way the column is sorted. */
function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: { key: string; descending: boolean } | null,
): readonly Row[] {
  const value = columns.find((column) => column.key === sort?.key)?.value;
  if (!sort || !value) return rows;
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return 0;
    if (x === null) return 1;
    if (y === null) return -1;
    return (x < y ? -1 : 1) * sign;
  });
}
