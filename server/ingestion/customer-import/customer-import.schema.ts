import { z } from 'zod';
import { regionSchema } from '@/server/identity/workspace-settings.schema';
import {
  COLUMN_USES,
  columnsProblem,
  MOST_COLUMNS,
  MOST_FILE_BYTES,
  MOST_ROWS_AT_ONCE,
} from './import-columns.schema';

const MOST_TITLE = 200;
const MOST_TRAIT_NAME = 100;
const MOST_CELL = 64 * 1024;
/** No file of the size that is taken has more. */
const MOST_LINES = MOST_FILE_BYTES;

const columnSchema = z.strictObject({
  title: z.string().max(MOST_TITLE),
  use: z.enum(COLUMN_USES),
  trait: z.string().trim().max(MOST_TRAIT_NAME),
});

export const beginImportSchema = z.strictObject({
  fileName: z.string().min(1).max(MOST_TITLE),
  bytes: z.int().min(1).max(MOST_FILE_BYTES, 'A file may have 50 MB at most.'),
  /** one of the workspace's; absent: its first */
  region: regionSchema.optional(),
  columns: z
    .array(columnSchema)
    .min(1)
    .max(MOST_COLUMNS)
    .superRefine((columns, context) => {
      const problem = columnsProblem(columns);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    }),
});
export type BeginImport = z.output<typeof beginImportSchema>;

const rowSchema = z.strictObject({
  line: z.int().min(1).max(MOST_LINES),
  cells: z.array(z.string().max(MOST_CELL)).max(2 * MOST_COLUMNS),
  /** its quotes could not be told apart */
  broken: z.boolean().optional(),
});
export type ImportRow = z.output<typeof rowSchema>;

export const importIdSchema = z.strictObject({ importId: z.string().min(1).max(60) });
export const importRowsSchema = importIdSchema.extend({
  rows: z.array(rowSchema).min(1).max(MOST_ROWS_AT_ONCE),
});

/** A row that was not taken. */
export interface RefusedRow {
  line: number;
  /** title of the column; null: the row itself */
  column: string | null;
  reason: string;
}

export interface ImportCounts {
  taken: number;
  /** known from before, or from earlier in the file: nothing came of them */
  repeated: number;
  refused: number;
}
