import { z } from 'zod';
import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from './calendar';

/** An instant in ms, of the years 1 to 9999: a later or earlier one no store could be asked for. */
export const instantMsSchema = z.number().int().min(FIRST_INSTANT_MS).max(LAST_INSTANT_MS);
