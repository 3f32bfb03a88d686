import { z } from 'zod';

/** A cursor may hold a customer's key, of which each character may be three bytes, in base64. */
const MOST_CURSOR = 2_200;

/** What a list that is read in pages takes: the same for every list. */
export const pageLimit = z.coerce.number().int().min(1).max(200);
export const pageCursor = z.string().min(1).max(MOST_CURSOR).describe('of the page before');

/** Why a cursor is refused that no page of the list can have given. */
export const FOREIGN_CURSOR = 'is not one of ours';
