export interface CsvColumn<Row> {
  title: string;
  value: (row: Row) => string | number | null;
}

/** A time as files have it; what is not known stays empty. */
export function isoTime(at: number | string | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}

/** Hands text to the browser as a file. */
export function downloadText(name: string, text: string, type = 'text/csv') {
  downloadFile(name, text, `${type};charset=utf-8`);
}

/** Hands what a file holds to the browser. */
export function downloadFile(name: string, held: BlobPart, type: string) {
  const address = URL.createObjectURL(new Blob([held], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
