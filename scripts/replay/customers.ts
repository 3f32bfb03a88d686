import { CsvReader, type CsvRecord } from '@/server/ingestion/customer-import/csv-records.schema';
import { customerCall } from '@/server/ingestion/customer-import/customer-call';
import {
  columnsProblem,
  guessColumns,
  type ImportColumn,
} from '@/server/ingestion/customer-import/import-columns.schema';
import { LineError } from './line-error';
import type { SegmentCall } from './segment-call';

/**
 * Rows of known customers as `identify` calls of now, with the ids that the console's import would give them.
 * @throws LineError for the first row that cannot be taken, or when no column looks like a user id
 */
export async function* customerCalls(lines: AsyncIterable<string>): AsyncGenerator<SegmentCall> {
  let columns: ImportColumn[] | undefined;
  for await (const record of recordsOf(lines)) {
    if (columns === undefined) columns = columnsOf(record);
    else yield callOf(record, columns);
  }
}

async function* recordsOf(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  for await (const line of lines) yield* reader.push(`${line}\n`);
  yield* reader.end();
}

function columnsOf({ line, cells }: CsvRecord): ImportColumn[] {
  const columns = guessColumns(cells);
  const problem = columnsProblem(columns);
  if (problem !== null) throw new LineError(line, problem, ':');
  return columns;
}

function callOf(record: CsvRecord, columns: readonly ImportColumn[]): SegmentCall {
  const call = customerCall(record, columns);
  if ('type' in call) return { ...call, timestamp: new Date().toISOString() };
  throw new LineError(call.line, call.reason, call.column === null ? ':' : `, ${call.column}:`);
}
