import { z } from 'zod';

/** The largest whole number of four bytes, as Postgres keeps versions and numbers of rows, less the one that may follow. */
const LAST_ROW_NUMBER = 2 ** 31 - 2;

/** A version or number of a row: a larger one no store could be asked for. */
export const rowNumberSchema = z.number().int().min(1).max(LAST_ROW_NUMBER);
