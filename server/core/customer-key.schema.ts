import { z } from 'zod';
import { isKeepable, UNKEEPABLE } from './keepable-text';
import { MAX_KEY_LENGTH } from './key-length';

/** A customer key, as events carry it. */
export const customerKeySchema = z.string().min(1).max(MAX_KEY_LENGTH).refine(isKeepable, UNKEEPABLE);
