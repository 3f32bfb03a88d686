export interface CsvColumn<Row> {
  title: string;
  value: (row: Row) => string | number | null;
}

/** A time as files have it; what is not known stays empty. */
export function isoTime(at: number | string | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}

/** RFC 4180 text of a table. Cells that a spreadsheet would run as a formula are quoted apart. */
export function csvText(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands text to the browser as a file. */
export function downloadText(name: string, text: string, type = 'text/csv') {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
