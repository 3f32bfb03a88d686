import { CsvReader, type CsvRecord } from '@/server/ingestion/customer-import/csv-records.schema';
import type { ImportCounts, RefusedRow } from '@/server/ingestion/customer-import/customer-import.schema';
import {
  MOST_CHARACTERS_AT_ONCE,
  MOST_ROWS_AT_ONCE,
} from '@/server/ingestion/customer-import/import-columns.schema';

const PREVIEW_BYTES = 256 * 1024;
const PREVIEW_ROWS = 3;
/** Refused rows that are kept to be shown and saved; all are counted. */
const MOST_REFUSED_KEPT = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

export interface FilePreview {
  titles: string[];
  rows: string[][];
}

/** The first line of a file and a few rows. @throws Error, in a sentence, for a file that has none */
export async function previewOf(file: Blob): Promise<FilePreview> {
  const reader = new CsvReader();
  const found = reader.push(await file.slice(0, PREVIEW_BYTES).text());
  if (file.size <= PREVIEW_BYTES) found.push(...reader.end());
  const [header, ...rows] = found;
  if (header === undefined || header.broken)
    throw new Error('The first line cannot be read as names of columns.');
  const whole = rows.filter(({ broken }) => !broken).slice(0, PREVIEW_ROWS);
  return { titles: header.cells, rows: whole.map(({ cells }) => cells) };
}

export interface ImportProgress extends ImportCounts {
  bytesRead: number;
  /** the first of those not taken, in the order of the file */
  refusedRows: readonly RefusedRow[];
  /** why it does not go on for the moment */
  waits: string | null;
}

interface ImportRun {
  file: Blob;
  /** Sends rows; the same ones again have no other effect. */
  send(rows: CsvRecord[]): Promise<ImportCounts & { refusedRows: RefusedRow[] }>;
  /** Whether the same rows may be taken after a while. */
  isPassing(error: unknown): boolean;
  onProgress(progress: ImportProgress): void;
  signal: AbortSignal;
  wait(ms: number): Promise<void>;
}

/** Sends a file part by part, each when the one before is taken. Ends early, and whole, when the signal says so. */
export async function runImport(run: ImportRun): Promise<void> {
  let progress: ImportProgress = {
    taken: 0,
    repeated: 0,
    refused: 0,
    bytesRead: 0,
    refusedRows: [],
    waits: null,
  };
  const tell = (change: Partial<ImportProgress>) => {
    progress = { ...progress, ...change };
    run.onProgress(progress);
  };
  for await (const { rows, bytesRead } of partsOf(run.file)) {
    if (run.signal.aborted) return;
    const sent = await sendPatiently(run, rows, (waits) => tell({ waits }));
    if (sent === null) return;
    tell({
      bytesRead,
      waits: null,
      taken: progress.taken + sent.taken,
      repeated: progress.repeated + sent.repeated,
      refused: progress.refused + sent.refused,
      refusedRows: [...progress.refusedRows, ...sent.refusedRows].slice(0, MOST_REFUSED_KEPT),
    });
  }
}

/** Null when it was stopped while it waited. */
async function sendPatiently(run: ImportRun, rows: CsvRecord[], onWait: (why: string) => void) {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
    try {
      return await run.send(rows);
    } catch (error) {
      if (!run.isPassing(error)) throw error;
      onWait(error instanceof Error ? error.message : String(error));
      await run.wait(waitMs);
      if (run.signal.aborted) return null;
    }
  }
}

/** The rows of a file in parts that one request may hold, without its first line. */
async function* partsOf(file: Blob): AsyncGenerator<{ rows: CsvRecord[]; bytesRead: number }> {
  const csv = new CsvReader();
  const decoder = new TextDecoder();
  let bytesRead = 0;
  let isHeader = true;
  let waiting: CsvRecord[] = [];
  const withoutHeader = (records: CsvRecord[]) => {
    const rows = isHeader ? records.slice(1) : records;
    isHeader &&= records.length === 0;
    return rows;
  };
  for await (const piece of piecesOf(file)) {
    bytesRead += piece.byteLength;
    waiting.push(...withoutHeader(csv.push(decoder.decode(piece, { stream: true }))));
    const { full, rest } = split(waiting);
    for (const rows of full) yield { rows, bytesRead };
    waiting = rest;
  }
  waiting.push(...withoutHeader([...csv.push(decoder.decode()), ...csv.end()]));
  const { full, rest } = split(waiting);
  for (const rows of rest.length > 0 ? [...full, rest] : full) yield { rows, bytesRead };
}

/** Streams of a browser cannot all be walked through by themselves. */
async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

/** Full parts, and what does not fill one yet. */
function split(records: readonly CsvRecord[]): { full: CsvRecord[][]; rest: CsvRecord[] } {
  const full: CsvRecord[][] = [];
  let rest: CsvRecord[] = [];
  let characters = 0;
  for (const record of records) {
    const length = record.cells.reduce((sum, cell) => sum + cell.length, 0);
    const isFull = rest.length >= MOST_ROWS_AT_ONCE || characters + length > MOST_CHARACTERS_AT_ONCE;
    if (isFull && rest.length > 0) {
      full.push(rest);
      rest = [];
      characters = 0;
    }
    rest.push(record);
    characters += length;
  }
  return { full, rest };
}
