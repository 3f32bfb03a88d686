import { isoTime } from './csv';
import type { Column } from './data-table';
import { formatNumber } from './format';
import type { RegionNames } from './region-names';
import { TimeAgo } from './time-ago';

interface Shape<Row, Value> extends Pick<Column<Row>, 'key' | 'title' | 'width'> {
  value: (row: Row) => Value;
}

/** A column of plain words. */
export function textColumn<Row>(shape: Shape<Row, string>): Column<Row> {
  return { ...shape, cell: shape.value };
}

/** A column of numbers, flush right. What is not known is a dash. */
export function numberColumn<Row>(shape: Shape<Row, number | null>): Column<Row> {
  const cell = (row: Row) => {
    const value = shape.value(row);
    return value === null ? '–' : formatNumber(value);
  };
  return { ...shape, align: 'end', cell };
}

/** The column that tells partitions of one number apart; none in a workspace of one region. */
export function regionColumns<Row extends { shardId: number }>(
  names: RegionNames | null,
  width: string,
): Column<Row>[] {
  if (names === null) return [];
  const value = ({ shardId }: Row) => names(shardId);
  return [textColumn({ key: 'region', title: 'Region', width, value })];
}

/** A column of times, as how long ago they were. */
export function agoColumn<Row>(shape: Shape<Row, number | string>): Column<Row> {
  return {
    ...shape,
    align: 'end',
    cell: (row) => <TimeAgo at={shape.value(row)} />,
    csv: (row) => isoTime(shape.value(row)),
  };
}
